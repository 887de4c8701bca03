import '../elements/begin.ts';
import '../elements/all.ts';
import { watchHealth } from '../health/health.ts';
import { menus, themeChoice } from '../operators/theme.ts';

menus();
themeChoice();
watchHealth();
