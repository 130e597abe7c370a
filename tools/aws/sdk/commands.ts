import type { AwsApis, Service } from '../apis.ts';

/**
 * The commands of a service, one for each of its operations and no other. The SDK's client with every operation as a method takes all of
 * them along: of EC2's 700 commands three are used, and the bundle leaves the others out.
 */
export type CommandsOf<S extends Service> = {
  [Name in keyof AwsApis[S]]: new (
    input: never,
  ) => object;
};
