// SPDX-License-Identifier: MIT
// The events of the Realtime API's beta, as OpenAI described them last.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';

const file = new URL('../../data/realtime/betaschemas.json', import.meta.url);

/** Without what says nothing here: a null stands for a value that is not there. */
function withoutNull(value) {
    if (Array.isArray(value))
        return value.map(withoutNull);
    if (value === null || typeof value !== 'object')
        return value;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)
        .map(([name, member]) => [name, withoutNull(member)]));
}

function withoutNullable(schema) {
    return JSON.parse(JSON.stringify(schema), (name, value) => (name === 'nullable' ? undefined : value));
}

const schemas = withoutNullable(JSON.parse(readFileSync(file, 'utf8')).schemas);
// What makes a session over HTTP is answered with a secret; in events it is null.
const ofTranscription = schemas.RealtimeTranscriptionSessionCreateResponse;
ofTranscription.required = ofTranscription.required.filter((name) => name !== 'client_secret');
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'beta', components: { schemas } });

const validators = new Map();
for (const [name, schema] of Object.entries(schemas)) {
    if (/^RealtimeServerEvent./.test(name))
        validators.set(schema.properties.type.enum[0], ajv.compile({ $ref: `beta#/components/schemas/${name}` }));
}

/** What is wrong with an event that a client of the beta got; empty when it is one of the beta's. */
export function betaProblems(event) {
    // The description forgot this one; its session is the other's.
    const type = event.type === 'transcription_session.created' ? 'transcription_session.updated' : event.type;
    const validate = validators.get(type);
    if (!validate)
        return [`${event.type}: the beta has no such event`];
    if (validate({ ...withoutNull(event), type }))
        return [];
    return validate.errors.map(({ instancePath, message, params }) =>
        `${event.type}${instancePath}: ${message} ${JSON.stringify(params)}`);
}
