// SPDX-License-Identifier: MIT
// What is said, in the visitor's language. A text of words/*.json may hold {names} of values.
const html = document.documentElement;
const byId = (id) => document.getElementById(id);

/** Elements with what they say, so that they can say it in another language. */
const said = new Map();

let language = navigator.languages.map((each) => each.toLowerCase().split('-')[0]).find((each) => each in words) ?? 'en';

/** A length of time is {ms}; what is a number is written as the language has it. */
function shown(value) {
    if (typeof value?.ms === 'number') {
        const inSeconds = value.ms >= 1000 || value.seconds;
        const digits = inSeconds ? 2 - (value.ms >= 10_000) : 0;
        const number = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
        return `${number.format(inSeconds ? value.ms / 1000 : value.ms)}\u00a0${inSeconds ? 's' : 'ms'}`;
    }
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : String(value);
}

function text(word, values = {}) {
    return words[language][word].replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

/** Has the element say that, or with an empty word nothing. */
function say(element, word, values) {
    if (word)
        said.set(element, { word, values });
    else
        said.delete(element);
    element.textContent = word ? text(word, values) : '';
}

function speak(wanted) {
    language = wanted;
    html.lang = language;
    html.dir = words[language].direction;
    said.forEach(({ word, values }, element) => {
        element.textContent = text(word, values);
    });
}
