// SPDX-License-Identifier: MIT
#include "core/sharing/tunnelparts.h"

#include "core/realtime/redaction.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr qsizetype mostLines = 200;
constexpr int tellLinesMs = 250;

} // namespace

QString Tunnel::Parts::shown(const QString &line) const
{
    QList<Secret> secrets;
    for (const Ask &ask : way.ask) {
        if (ask.kind == Ask::Kind::Secret)
            secrets.append(Secret(fields.value(ask.name).toUtf8()));
    }
    return shownLine(withoutKeys(line, secrets));
}

FailureDetails Tunnel::Parts::details() const
{
    const QString title
        = way.keeper.isEmpty() || way.tlsEnd == TlsEnd::OwnServer ? plain(way.title) : way.keeper;
    const QString server = fields.value(u"destination"_s);
    return {outsideText(title), outsideText(server.isEmpty() ? title : server),
        outsideText(fields.value(u"remote"_s)), {}};
}

Sentence Tunnel::Parts::sentenceOf(const WayFailure &found) const
{
    FailureDetails all = details();
    all.run = found.run;
    return wayFailure(found.code, all).value_or(Sentence());
}

Sentence Tunnel::Parts::lastWords(const char *withWords, const char *without, const QString &first) const
{
    if (lines.isEmpty())
        return {without, {first}};
    return {withWords, {first, shown(lines.last())}};
}

void Tunnel::Parts::set(State newState)
{
    state = newState;
    Q_EMIT tunnel->changed();
}

void Tunnel::Parts::forgetReason()
{
    reason = {};
    reasonCode.clear();
    offers.clear();
    link.clear();
}

void Tunnel::Parts::begin()
{
    retry.stop();
    againAtOnce = false;
    failure.reset();
    forgetReason();
    endsAt = {};
    auto made = commandOf(way, fields, port, more);
    if (const WayProblem *const problem = std::get_if<WayProblem>(&made)) {
        needYou(problem->code, problem->text);
        return;
    }
    const QUrl known = std::get<WayCommand>(made).address;
    run = new TunnelRun(way, std::get<WayCommand>(std::move(made)), patience, tunnel);
    connect(run, &TunnelRun::printed, tunnel, [this](const QString &line) {
        lines.append(line);
        if (lines.size() > mostLines)
            lines.removeFirst();
        if (!telling.isActive())
            telling.start(tellLinesMs);
    });
    connect(run, &TunnelRun::addressSeen, tunnel, [this](const QUrl &url) {
        const bool isOther = std::exchange(address, url) != url;
        if (state == State::Starting)
            set(State::AddressKnown);
        if (isOther)
            Q_EMIT tunnel->addressChanged(url);
    });
    connect(run, &TunnelRun::ready, tunnel, [this] { onReady(); });
    connect(run, &TunnelRun::failed, tunnel,
        [this](const WayFailure &found, const QString &page) { onFailed(found, page); });
    connect(run, &TunnelRun::lost, tunnel, [this] {
        fail(u"lost"_s,
            {QT_TRANSLATE_NOOP(
                 "Core", "%1 has lost its connection and does not find back. It is started anew."),
                {details().title}});
    });
    connect(
        run, &TunnelRun::ended, tunnel, [this](int exitCode, const QString &why) { onEnded(exitCode, why); });
    readyBy.start(patience.ready);
    if (way.lasts.count() > 0) {
        const auto lasts = way.lasts.count() * patience.second;
        endsAt = QDateTime::currentDateTimeUtc().addMSecs(lasts.count());
        renewal.start(std::max(lasts - patience.renewal, lasts / 2));
    }
    run->start();
    const bool isOther = !known.isEmpty() && std::exchange(address, known) != known;
    set(known.isEmpty() ? State::Starting : State::AddressKnown);
    if (isOther)
        Q_EMIT tunnel->addressChanged(known);
}

void Tunnel::Parts::end()
{
    readyBy.stop();
    proven.stop();
    renewal.stop();
    if (run)
        run->stop();
}

void Tunnel::Parts::onReady()
{
    if (state == State::Stopping || state == State::Broken)
        return;
    readyBy.stop();
    forgetReason();
    failure.reset(); // what was said before is past
    proven.start(patience.proven);
    set(State::Ready);
}

void Tunnel::Parts::onFailed(const WayFailure &found, const QString &page)
{
    if (state == State::Stopping || state == State::Broken || againAtOnce
        || (state == State::NeedsYou && link.isEmpty()))
        return;
    if (!failure || (failure->isAside && !found.isAside))
        failure = found;
    if (!page.isEmpty()) {
        readyBy.stop(); // a person takes the time that a person takes
        reason = sentenceOf(found);
        reasonCode = found.code;
        link = QUrl(page, QUrl::StrictMode);
        set(State::NeedsYou);
    } else if (found.isFinal) {
        offers = found.use;
        needYou(found.code, sentenceOf(found));
    } else if (found.restarts) {
        fail(found.code, sentenceOf(found), found.wait.count() * patience.second);
    } else if (!found.env.isEmpty() && !run->isReady() && !more.contains(found.env.firstKey())) {
        more.insert(found.env);
        againAtOnce = true;
        end();
    }
}

void Tunnel::Parts::onEnded(int exitCode, const QString &why)
{
    const bool wasReady = run->isReady();
    run->deleteLater();
    run = nullptr;
    end();
    if (state == State::Stopping) {
        off();
    } else if (againAtOnce) {
        begin();
    } else if (state == State::Broken) {
        retry.start();
    } else if (state == State::NeedsYou && link.isEmpty()) {
        return;
    } else if (exitCode == -2) {
        needYou(u"not_started"_s,
            {QT_TRANSLATE_NOOP("Core", "%1 could not be started: %2"), {details().title, outsideText(why)}});
    } else {
        if (!failure && !wasReady) {
            const auto found = std::find_if(way.failures.begin(), way.failures.end(),
                [exitCode](const WayFailure &each) { return each.exits.contains(exitCode); });
            if (found != way.failures.end())
                failure = *found;
        }
        if (failure && failure->isFinal) {
            offers = failure->use;
            needYou(failure->code, sentenceOf(*failure));
        } else if (failure && failure->link == 0) {
            fail(failure->code, sentenceOf(*failure), failure->wait.count() * patience.second);
        } else {
            fail(u"ended"_s,
                lastWords(QT_TRANSLATE_NOOP("Core", "The program of “%1” has ended. It said: %2"),
                    QT_TRANSLATE_NOOP("Core", "The program of “%1” has ended without a word."),
                    details().title));
        }
    }
}

void Tunnel::Parts::fail(const QString &code, const Sentence &text, std::chrono::milliseconds wait)
{
    forgetReason();
    reason = text;
    reasonCode = code;
    // 2^16 s is beyond any last retry; a shift by more would be none.
    const auto pause = std::min(patience.firstRetry * (1 << std::min(tries++, 16)), patience.lastRetry);
    const auto spread = pause * QRandomGenerator::global()->bounded(80, 121) / 100;
    retry.setInterval(std::max<std::chrono::milliseconds>(spread, wait));
    if (run) {
        state = State::Broken;
        end(); // which leads to the retry
    } else {
        retry.start();
    }
    set(State::Broken);
}

void Tunnel::Parts::needYou(const QString &code, const Sentence &text)
{
    reason = text;
    reasonCode = code;
    link.clear();
    state = State::NeedsYou;
    end();
    set(State::NeedsYou);
}

void Tunnel::Parts::off()
{
    retry.stop();
    forgetReason();
    address.clear();
    endsAt = {};
    state = State::Off;
    Q_EMIT tunnel->changed();
    Q_EMIT tunnel->stopped();
}

} // namespace rr
