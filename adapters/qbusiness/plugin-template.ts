import { listing } from '../app-listing.ts';
import type { OAuthEndpoints } from './openapi.ts';

interface Options extends OAuthEndpoints {
  serverUrl: string;
}

/**
 * CloudFormation for the custom plugin of an Amazon Q Business application: the plugin, the role that reads its secret, and the secret.
 * The document itself is read from S3, because a template may not be as long.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-qbusiness-plugin.html
 */
export function pluginTemplate({ serverUrl, authorizationUrl, tokenUrl }: Options): string {
  return `AWSTemplateFormatVersion: '2010-09-09'
Description: OpsAgent as a custom plugin of an Amazon Q Business application. Made by opsagent manifests.

Parameters:
  ApplicationId:
    Type: String
    Description: Id of the Amazon Q Business application
  WebExperienceUrl:
    Type: String
    Description: Address of its web experience, without a slash at the end; people come back there after signing in
  SchemaBucket:
    Type: String
    Description: S3 bucket that holds openapi.json, which was made beside this file
  SchemaKey:
    Type: String
    Default: opsagent/openapi.json
  ServerUrl:
    Type: String
    Default: ${serverUrl}
  AuthorizationUrl:
    Type: String
    Default: ${authorizationUrl}
    Description: The authorization_endpoint of your identity provider
  TokenUrl:
    Type: String
    Default: ${tokenUrl}
    Description: The token_endpoint of your identity provider
  ClientId:
    Type: String
    Description: The client of the identity provider that Amazon Q signs people in with
  ClientSecret:
    Type: String
    NoEcho: true

Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Description: The OAuth client of the OpsAgent plugin
      SecretString: !Sub '{"client_id":"\${ClientId}","client_secret":"\${ClientSecret}","redirect_uri":"\${WebExperienceUrl}/oauth/callback"}'

  Role:
    Type: AWS::IAM::Role
    Properties:
      Description: Lets Amazon Q Business read the secret and the document of the OpsAgent plugin
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Service: qbusiness.amazonaws.com
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
              ArnLike:
                aws:SourceArn: !Sub 'arn:\${AWS::Partition}:qbusiness:\${AWS::Region}:\${AWS::AccountId}:application/\${ApplicationId}'
      Policies:
        - PolicyName: read-secret-and-document
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: secretsmanager:GetSecretValue
                Resource: !Ref Secret
              - Effect: Allow
                Action: s3:GetObject
                Resource: !Sub 'arn:\${AWS::Partition}:s3:::\${SchemaBucket}/\${SchemaKey}'

  Plugin:
    Type: AWS::QBusiness::Plugin
    Properties:
      ApplicationId: !Ref ApplicationId
      DisplayName: ${listing.name}
      Type: CUSTOM
      State: ENABLED
      ServerUrl: !Ref ServerUrl
      AuthConfiguration:
        OAuth2ClientCredentialConfiguration:
          AuthorizationUrl: !Ref AuthorizationUrl
          TokenUrl: !Ref TokenUrl
          SecretArn: !Ref Secret
          RoleArn: !GetAtt Role.Arn
      CustomPluginConfiguration:
        Description: ${listing.tagline}. Reads answer at once; every change waits for a person.
        ApiSchemaType: OPEN_API_V3
        ApiSchema:
          S3:
            Bucket: !Ref SchemaBucket
            Key: !Ref SchemaKey

Outputs:
  PluginId:
    Value: !GetAtt Plugin.PluginId
`;
}
