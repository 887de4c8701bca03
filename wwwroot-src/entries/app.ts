import { live } from '../live/live.ts';

live.start();
