// SPDX-License-Identifier: MIT
#include "app/compose/qtmessages.h"

#include "core/monitor/journal.h"
#include "core/realtime/redaction.h"

#include <QtGlobal>

#include <atomic>

namespace rr {

namespace {

std::atomic<Journal *> receiver = nullptr; // Qt's handler is a function without a context

void handle(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    Journal *journal = receiver.load(std::memory_order_acquire);
    if (!journal)
        return;
    JournalEntry entry;
    entry.level = type == QtDebugMsg || type == QtInfoMsg ? LogLevel::Debug : LogLevel::Warning;
    entry.event = "qt";
    entry.message = redacted(message);
    journal->add(std::move(entry));
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
