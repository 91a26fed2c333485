// SPDX-License-Identifier: MIT
#include "core/sharing/publicproof.h"

#include "core/sharing/proofrun.h"

#include <algorithm>
#include <iterator>

namespace rr {

const CheckStep *ProofResult::failure() const
{
    const auto found = std::find_if(steps.begin(), steps.end(),
        [](const CheckStep &step) { return step.result == CheckStep::Result::Bad; });
    return found == steps.end() ? nullptr : &*found;
}

PublicProof::PublicProof(QObject *parent)
    : QObject(parent)
{
}

PublicProof::~PublicProof() = default;

void PublicProof::run(const ProofPlan &plan)
{
    cancel();
    m_run = std::make_unique<ProofRun>(plan);
    // Queued, so that a run is never inside its own signals when it is cancelled; what is on its way then is not told.
    connect(
        m_run.get(), &ProofRun::stepChanged, this,
        [this, which = m_runs](const CheckStep &step) {
            if (which == m_runs)
                Q_EMIT stepChanged(step);
        },
        Qt::QueuedConnection);
    connect(
        m_run.get(), &ProofRun::finished, this,
        [this, which = m_runs](const ProofResult &result) {
            if (which != m_runs)
                return;
            m_run.reset();
            Q_EMIT finished(result);
        },
        Qt::QueuedConnection);
    m_run->start();
}

void PublicProof::cancel()
{
    ++m_runs;
    m_run.reset();
}

Sentence PublicProof::titleOf(QLatin1String id)
{
    struct Title
    {
        const char *id;
        const char *title;
    };
    static constexpr Title titles[] = {
        {"here", QT_TRANSLATE_NOOP("Core", "This machine")},
        {"name", QT_TRANSLATE_NOOP("Core", "Name")},
        {"proxy", QT_TRANSLATE_NOOP("Core", "Proxy")},
        {"tls", QT_TRANSLATE_NOOP("Core", "Secure connection")},
        {"http", QT_TRANSLATE_NOOP("Core", "Way to this relay")},
        {"browser", QT_TRANSLATE_NOOP("Core", "As a browser")},
        {"websocket", QT_TRANSLATE_NOOP("Core", "WebSocket of a web page")},
        {"messages", QT_TRANSLATE_NOOP("Core", "Messages")},
        {"address", QT_TRANSLATE_NOOP("Core", "Callers' addresses")},
        {"quiet", QT_TRANSLATE_NOOP("Core", "Quiet connections")},
    };
    const auto found = std::find_if(std::begin(titles), std::end(titles),
        [id](const Title &title) { return id == QLatin1String(title.id); });
    return found == std::end(titles) ? Sentence() : Sentence(found->title);
}

} // namespace rr
