// SPDX-License-Identifier: MIT
#include "core/simulator/models.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestModels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusals_data()
    {
        QTest::addColumn<QString>("served"); ///< empty: OpenAI's
        QTest::addColumn<int>("surface");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("code"); ///< empty: served
        const auto row
            = [](const QString &served, Surface surface, const QString &model, const QString &code = {}) {
                  QTest::addRow("%s, %d, %s", qPrintable(served), int(surface), qPrintable(model))
                      << served << int(surface) << model << code;
              };
        const QString openAi, notFound = u"model_not_found"_s, invalid = u"invalid_model"_s;
        row(openAi, Surface::Realtime, defaultModel());
        for (const QString &name :
            {u"gpt-realtime-1.5"_s, u"gpt-realtime-mini"_s, u"gpt-realtime-2.1-mini"_s, u"gpt-audio-mini"_s})
            row(openAi, Surface::Realtime, name);
        for (const QString &name : {u"gpt-4o-realtime-preview"_s, u"gpt-4o-realtime-preview-2024-10-01"_s,
                 u"gpt-4o-realtime-preview-2024-12-17"_s, u"gpt-4o-realtime-preview-2025-06-03"_s,
                 u"gpt-4o-mini-realtime-preview"_s, u"gpt-4o-mini-realtime-preview-2024-12-17"_s,
                 u"gpt-realtime-mini-2025-10-06"_s}) {
            row(openAi, Surface::Realtime, name, notFound);
            row(u"any"_s, Surface::Realtime, name, notFound);
        }
        row(openAi, Surface::Realtime, u"GPT-realtime"_s, notFound);
        row(openAi, Surface::Realtime, u"gpt-live-1"_s, invalid);
        row(openAi, Surface::Realtime, u"gpt-4o-transcribe"_s, invalid);
        row(openAi, Surface::Translations, u"gpt-realtime-translate"_s);
        row(openAi, Surface::Translations, u"gpt-realtime"_s, notFound);
        row(openAi, Surface::Live, u"gpt-live-1"_s);
        row(openAi, Surface::LiveFork, u"gpt-live-1.1"_s);
        row(openAi, Surface::Live, u"gpt-realtime"_s, notFound);
        row(u"any"_s, Surface::Realtime, u"my-deployment"_s);
        row(u"any"_s, Surface::Live, u"my-deployment"_s);
        row(u"a,b"_s, Surface::Realtime, u"b"_s);
        row(u"a,b"_s, Surface::Realtime, u"gpt-realtime"_s, notFound);
        row(u"any,gpt-4o-realtime-preview"_s, Surface::Realtime, u"gpt-4o-realtime-preview"_s);
        row(u"any,gpt-4o-realtime-preview"_s, Surface::Realtime, u"gpt-realtime"_s);
    }
    void refusals()
    {
        QFETCH(QString, served);
        QFETCH(int, surface);
        QFETCH(QString, model);
        QFETCH(QString, code);
        const auto error = Models(served).refusal(Surface(surface), model);
        QCOMPARE(error ? error->code : QString(), code);
        if (error) {
            QCOMPARE(error->param, u"model"_s);
            QVERIFY2(error->message.contains(model), qPrintable(error->message));
        }
        if (served.isEmpty())
            QCOMPARE(Models().refusal(Surface(surface), model).has_value(), error.has_value());
    }
};

RELAY_TEST(TestModels)
#include "tst_models.moc"
