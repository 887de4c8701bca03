// First of all, so that every element finds the page's snapshot when it is defined and draws itself once.
import { live } from '../live/live.ts';

live.start();
