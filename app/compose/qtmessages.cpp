// SPDX-License-Identifier: MIT
#include "app/compose/qtmessages.h"

#include "app/compose/hostjournal.h"
#include "core/realtime/redaction.h"

#include <QtGlobal>

#include <atomic>

namespace rr {

namespace {

std::atomic<Journal *> receiver = nullptr; // Qt's handler is a function without a context

/// A WebSocket of Qt's has its TLS loaded, whether it is used or not, and Wine's Schannel has no list of ciphers to load. TLS
/// does without that list: nobody need do anything.
bool meansNothing(const QString &message)
{
    return message == QLatin1String("Failed to enumerate ciphers");
}

void handle(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    Journal *journal = receiver.load(std::memory_order_acquire);
    if (!journal)
        return;
    const bool isDebug = type == QtDebugMsg || type == QtInfoMsg || meansNothing(message);
    journal->add(qtMessage(isDebug ? LogLevel::Debug : LogLevel::Warning, redacted(message)));
}

} // namespace

QtMessages::QtMessages(Journal &journal)
{
    receiver.store(&journal, std::memory_order_release);
    qInstallMessageHandler(handle);
}

QtMessages::~QtMessages()
{
    qInstallMessageHandler(nullptr);
    receiver.store(nullptr, std::memory_order_release);
}

} // namespace rr
