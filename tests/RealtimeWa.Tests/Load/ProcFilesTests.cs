using RealtimeWa.Load;

namespace RealtimeWa;

public sealed class ProcFilesTests
{
    [Theory]
    [InlineData("42 (node) S 7 42 42 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 11 0 12345 1000 200")]
    [InlineData("42 (a) b (c) S 7 42 42 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 11 0 12345 1000 200")]
    public void A_stat_line_has_the_parent_and_the_ticks_whatever_the_program_is_called(string line) =>
        Assert.Equal((7, 175L), ProcFiles.Stat(line));

    [Fact]
    public void The_rollup_has_the_proportional_size()
    {
        const string rollup = "55d0-7ffd ---p 00000000 00:00 0    [rollup]\nRss:    2000 kB\nPss:    1234 kB\nPss_Dirty:  900 kB\n";

        Assert.Equal(1234, ProcFiles.Pss(rollup));
    }

    [Fact]
    public void A_mapping_is_known_by_its_file_and_place_and_memory_of_its_own_by_none()
    {
        const string maps = """
            55d0c0000000-55d0c0021000 r-xp 00001000 08:01 1234    /usr/bin/node (deleted)
            Size:                132 kB
            Shared_Clean:         80 kB
            Shared_Dirty:          0 kB
            Private_Clean:        12 kB
            Private_Dirty:         4 kB
            Shared_Hugetlb:        0 kB
            VmFlags: rd ex mr mw me
            7f1200000000-7f1200021000 rw-p 00000000 00:00 0
            Shared_Clean:          0 kB
            Private_Clean:         0 kB
            Private_Dirty:        40 kB
            VmFlags: rd wr
            """;

        Assert.Equal([new Mapping("08:01 1234 00001000", 16, 80), new Mapping(null, 40, 0)], ProcFiles.Mappings(maps));
    }

    [Fact]
    public void This_very_process_can_be_read()
    {
        Assert.True(ProcFiles.Pss(File.ReadAllText("/proc/self/smaps_rollup")) > 1000);
        Assert.True(ProcFiles.Mappings(File.ReadAllText("/proc/self/smaps")).Sum(mapping => mapping.Own) > 1000);
        Assert.True(ProcFiles.Stat(File.ReadAllText("/proc/self/stat")).Parent > 0);
    }
}
