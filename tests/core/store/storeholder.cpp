// SPDX-License-Identifier: MIT
// A relay's store, until it is killed: URL TOKEN COST… It reserves all it can get, tells each cost, and says "kept".
#include "core/store/store.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QThread>

#include <cstdio>
#include <future>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    rr::Store::Options options;
    options.url = arguments.value(1);
    auto opened = rr::Store::open(options);
    if (const auto *error = std::get_if<rr::RelayError>(&opened)) {
        fprintf(stderr, "%s\n", qPrintable(rr::plain(error->detail)));
        return 1;
    }
    const auto store = std::move(std::get<std::unique_ptr<rr::Store>>(opened));
    const qint64 token = arguments.value(2).toLongLong();
    const auto reserve = [&store, token] {
        std::promise<rr::Ledger::Grant> promise;
        store->reserve(token, [&promise](const rr::Ledger::Grant &grant) { promise.set_value(grant); });
        return promise.get_future().get().outcome;
    };
    while (reserve() == rr::Ledger::Outcome::Granted) { }
    for (qsizetype i = 3; i < arguments.size(); ++i) {
        rr::UsageEntry entry;
        entry.call = "killed";
        entry.fact = QByteArray::number(i);
        entry.token = token;
        entry.cost = rr::Money::ofPico(arguments[i].toLongLong());
        entry.at = QDateTime::currentDateTimeUtc();
        store->add(entry);
    }
    while (store->stand().waiting > 0)
        QThread::msleep(10);
    puts("kept");
    fflush(stdout);
    for (;;)
        QThread::sleep(60);
}
