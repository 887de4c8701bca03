import '../elements/begin.ts';
import '../elements/all.ts';
import { menus, themeChoice } from '../operators/theme.ts';

menus();
themeChoice();
