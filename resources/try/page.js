// SPDX-License-Identifier: MIT
// Brings together what the page shows and what is done.
document.querySelectorAll('[data-word]').forEach((element) => say(element, element.dataset.word));
byId('languages').append(...Object.keys(words).map((each) => new Option(words[each].name, each, false, each === language)));
byId('languages').onchange = ({ target }) => speak(target.value);
byId('host').textContent = location.host;
byId('key').value = link.key;
byId('key-form').hidden = !needsKey;
byId('demo').hidden = needsKey;
say(byId('privacy'), needsKey ? 'privacy' : 'privacyOfDemo');

const room = byId('call');
const turns = new Map(); // item → { element, text, time }
let call = null;

const keyGiven = () => (needsKey ? byId('key').value.trim() : anyKey);
const modelWanted = () => byId('model').value.trim();

function setState(state) {
    room.dataset.state = state;
    say(byId('button-label'), state === 'idle' ? 'start' : 'hangUp');
}

function rest(word) {
    say(byId('status'), word ?? (keyGiven() ? 'ready' : 'keyFirst'));
}

function fail(failure) {
    byId('failure').hidden = !failure;
    say(byId('failure-text'), failure?.word ?? '', failure?.values);
    byId('failure-words').hidden = !failure?.quote;
    byId('failure-words').textContent = failure?.quote ?? '';
}

/** The bubble of what is said, made when it is first heard of. */
function turnOf(item, isMine) {
    if (turns.has(item))
        return turns.get(item);
    const part = (tag, className) => Object.assign(document.createElement(tag), { className });
    const element = part('div', isMine ? 'turn mine' : 'turn');
    const head = part('div', 'who');
    const who = part('span', '');
    const turn = { text: part('p', 'text'), time: part('span', 'time') };
    turn.text.textContent = '…';
    head.append(who, turn.time);
    element.append(head, turn.text);
    say(who, isMine ? 'you' : 'voice');
    byId('turns').hidden = false;
    byId('turns').append(element);
    turns.set(item, turn);
    followTurns();
    return turn;
}

function followTurns() {
    byId('turns').scrollTop = byId('turns').scrollHeight;
}

const tell = {
    phase(word) {
        if (word === 'listening')
            setState('live');
        say(byId('status'), word);
    },
    turn: turnOf,
    added(item, more) {
        const { text: said } = turnOf(item, true);
        said.textContent = (said.textContent === '…' ? '' : said.textContent) + more;
        followTurns();
    },
    whole(item, all) {
        const turn = turnOf(item, true);
        if (all)
            turn.text.textContent = all;
        else
            say(turn.text, 'notUnderstood');
        followTurns();
    },
    latency(item, ms) {
        say(turnOf(item, false).time, 'answeredAfter', { time: { ms, seconds: true } });
        const sorted = [...call.latencies].sort((a, b) => a - b);
        const figure = { ms: sorted[sorted.length >> 1], seconds: true };
        setCheck('turn', 'good', { word: sorted.length > 1 ? 'turnsMade' : 'turnMade', values: { turns: sorted.length }, figure });
    },
    opened(times) {
        webSocketOpened(times);
        setCheck('microphone', 'good', { word: 'microphoneAllowed' });
        setCheck('turn', 'running', { word: 'turnAwaited' });
    },
    warned: fail,
    ended(failure) {
        call = null;
        setState('idle');
        fail(failure);
        rest(failure ? undefined : 'ended');
        if (failure?.check)
            setCheck(failure.check, 'bad', failure);
        if (checks.turn.row.dataset.result === 'running')
            setCheck('turn', 'waiting', { word: 'turnNotYet' });
        byId('my-ring').style.removeProperty('--level');
        byId('its-ring').style.removeProperty('--level');
        lock?.then((each) => each.release(), () => {});
    },
};

let lock = null; // that the screen stays on, while a call is

function start() {
    if (!keyGiven()) {
        fail({ word: 'keyMissing' });
        byId('key').focus();
        return;
    }
    fail(null);
    turns.clear();
    said.forEach((_, element) => byId('turns').contains(element) && said.delete(element));
    byId('turns').replaceChildren();
    byId('turns').hidden = true;
    setState('starting');
    try {
        call = new Call(tell);
    } catch (error) { // no Web Audio
        tell.ended({ ...whyNoMicrophone(error), check: 'microphone' });
        return;
    }
    lock = navigator.wakeLock?.request('screen');
    lock?.catch(() => {});
    call.run(keyGiven(), modelWanted());
    watch(call);
}

/** Shows what passes, while the call is. */
function watch(watched) {
    if (call !== watched)
        return;
    const { mine, its } = call.levels;
    byId('my-ring').style.setProperty('--level', 1 + Math.min(0.6, mine * 0.9));
    byId('its-ring').style.setProperty('--level', 1 + Math.min(0.6, its * 0.9));
    const { sentMs, playedMs, loudest } = call.figures;
    Object.assign(room.dataset, {
        sentMs: Math.floor(sentMs), playedMs: Math.floor(playedMs), loudest: loudest.toFixed(3), interruptions: call.interruptions });
    const phase = said.get(byId('status'))?.word;
    if (phase === 'speaking' && !call.isSpeaking)
        say(byId('status'), 'listening');
    if (phase === 'listening' && call.hearsNothing)
        say(byId('status'), 'nothingHeard');
    requestAnimationFrame(() => watch(watched));
}

/** What is found is shown with the call, too, unless there is one. */
async function checkKey() {
    const failure = await checkWebSocket(keyGiven(), modelWanted()) ?? await checkMicrophone();
    if (!call)
        fail(failure);
}

async function check() {
    byId('again').disabled = true;
    setCheck('turn', 'waiting', { word: 'turnNotYet' });
    setCheck('webSocket', 'waiting');
    checkMicrophone();
    const failure = await checkRelay() ?? await checkRoundTrip();
    if (failure && !call)
        fail(failure);
    else
        await checkKey();
    byId('again').disabled = false;
}

function showAddress() {
    byId('relay-address').value = callAddress('');
}

function showKey(shown) {
    byId('key').type = shown ? 'text' : 'password';
    byId('show-key').setAttribute('aria-pressed', shown);
    say(byId('show-key'), shown ? 'hideKey' : 'showKey');
}

byId('show-key').onclick = () => showKey(byId('key').type === 'password');
byId('button').onclick = () => (call ? call.hangUp() : start());
byId('key-form').onsubmit = (event) => {
    event.preventDefault();
    if (!call)
        start();
};
byId('key').oninput = () => call ?? rest();
byId('key').onchange = byId('model').onchange = () => call ?? checkKey();
byId('again').onclick = check;
byId('copy').onclick = async () => {
    byId('relay-address').select();
    await navigator.clipboard?.writeText(byId('relay-address').value);
    say(byId('copy'), 'copied');
};
window.onhashchange = () => location.reload(); // another link, put into the same tab

speak(language);
setState('idle');
rest();
showKey(false);
showAddress();
check();
