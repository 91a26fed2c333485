// SPDX-License-Identifier: MIT
// What went wrong, as { word, values, quote }: a text of words/*.json, and what the service itself said of it.

/**
 * Why no WebSocket came about, which browsers tell no page. A request beside the calls is judged as a call is, and its answer
 * can be read; without a key it goes no further than the relay.
 */
async function whyRefused() {
    let response;
    try {
        response = await fetch(addressOf('v1/realtime/client_secrets'), {
            method: 'POST',
            body: '{}',
            headers: { 'Content-Type': 'application/json' },
            cache: 'no-store',
            credentials: 'omit',
        });
    } catch {
        return whyUnreachable();
    }
    const error = await response.json().then((body) => body.error, () => null);
    const known = {
        origin_not_allowed: 'originRefused',
        host_not_allowed: 'hostRefused',
        connection_rate_exceeded: 'tooManyTries',
        relay_draining: 'relayStops',
        relay_full: 'relayFull',
        share_full: 'relayFull',
        too_many_connections_from_address: 'relayFull',
    }[error?.code];
    if (known) {
        const quote = known === 'relayFull' ? error.message : ''; // whose places: all calls', or this address's
        return { word: known, values: { origin: location.origin, host: location.host }, quote };
    }
    if (response.status === 401) // a call with a key would have been let in, unless what is in between changes Host
        return { word: await isFull() ? 'relayFull' : 'webSocketBlocked' };
    if (response.status === 404)
        return { word: link.secret ? 'linkEnded' : 'noCalls' };
    if (response.status === 429)
        return { word: 'tooManyTries' };
    return whyAnswered(response.status);
}

async function isFull() {
    try {
        return (await (await fetch(addressOf('ready'), { cache: 'no-store' })).json()).status === 'full';
    } catch {
        return false; // who is not told how the relay is
    }
}

function whyUnreachable() {
    return { word: navigator.onLine ? 'relayUnreachable' : 'offline' };
}

/** The page's own address answers with another status than 200. */
function whyAnswered(status) {
    const values = { status };
    if (status === 404)
        return { word: 'pageGone' };
    // 530: Cloudflare's, when its tunnel is not there
    return { word: [502, 503, 504, 530].includes(status) ? 'wayBroken' : 'answeredOtherwise', values };
}

/** A call's end by its close code; `error`: the last error event, which says the same in words. */
function whyClosed(code, reason, error) {
    const words = `${reason} ${error?.code ?? ''} ${error?.type ?? ''}`;
    const failure = { quote: error?.message ?? '', values: { code } };
    if (code === 3000)
        return { ...failure, word: 'keyWrong' };
    if (/quota|billing/.test(words))
        return { ...failure, word: 'quotaUsedUp' };
    const word = {
        1001: /maximum duration/.test(reason) ? 'sessionOver' : 'relayStops',
        1006: 'cutOff',
        1011: 'serviceLost',
        1013: /unreachable/.test(words) ? 'serviceUnreachable' : 'serviceBusy',
        3003: 'accessDenied',
        4004: 'modelUnknown',
        4408: 'silentTooLong',
        4409: 'sessionOver',
        4410: 'endedByOperator',
    }[code];
    return { ...failure, word: word ?? 'endedOtherwise' };
}

/** What getUserMedia() said (w3.org/TR/mediacapture-streams), or why there is none. */
function whyNoMicrophone(error) {
    if (!window.isSecureContext)
        return { word: 'microphoneNeedsHttps' };
    const word = {
        NotAllowedError: 'microphoneRefused',
        NotFoundError: 'microphoneMissing',
        NotReadableError: 'microphoneBusy',
    }[error?.name];
    return { word: word ?? 'microphoneUnknown', quote: word ? '' : error?.message ?? '' };
}
