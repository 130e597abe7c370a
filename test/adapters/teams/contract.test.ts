import { channelContract } from '../channel-contract.ts';
import { openTeams } from './teams-harness.ts';

channelContract('teams', openTeams);
