// SPDX-License-Identifier: MIT
#include "core/simulator/surface.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

class TestSurface : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void paths_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("surface"); ///< -1: none
        QTest::addColumn<QByteArray>("sessionId");
        const auto row = [](const char *path, Surface surface, const char *sessionId = "") {
            QTest::newRow(path) << QByteArray(path) << int(surface) << QByteArray(sessionId);
        };
        row("/realtime", Surface::Realtime);
        row("/v1/realtime", Surface::Realtime);
        row("/openai/v1/realtime", Surface::Realtime);
        row("/realtime/translations", Surface::Translations);
        row("/v1/realtime/translations", Surface::Translations);
        row("/live/sessions", Surface::Live);
        row("/v1/live/sessions", Surface::Live);
        row("/openai/v1/live/sessions", Surface::Live);
        row("/v1/live/sessions/live_1/attach", Surface::LiveAttach, "live_1");
        row("/live/sessions/live_1/fork", Surface::LiveFork, "live_1");
        row("/v1/live/sessions/live%5F1/fork", Surface::LiveFork, "live%5F1");
        for (const char *path : {"", "/", "*", "/v1", "/v1/", "/v1/realtime/", "/v1/realtime2",
                 "/v2/realtime", "/v1/v1/realtime", "/V1/realtime", "/openai/realtime",
                 "/v1/chat/completions", "/v1/live/sessions/", "/v1/live/sessions2",
                 "/v1/live/sessions/live_1", "/v1/live/sessions/live_1/", "/v1/live/sessions//fork",
                 "/v1/live/sessions/live_1/hangup", "/v1/live/sessions/live_1/2/fork"})
            QTest::addRow("none: %s", path) << QByteArray(path) << -1 << QByteArray();
    }
    void paths()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, surface);
        QFETCH(QByteArray, sessionId);
        const auto found = surfaceAt(path);
        QCOMPARE(found ? int(found->surface) : -1, surface);
        if (found)
            QCOMPARE(found->sessionId, sessionId);
    }
};

RELAY_TEST(TestSurface)
#include "tst_surface.moc"
