// SPDX-License-Identifier: MIT
// The tunnel's program is a shell that prints an address, which is that of an edge in this process: tests/core/sharing has
// real ones, and tests/integration/sharing.test.mjs all of it as it is used.
#include "app/compose/sharing.h"

#include "app/compose/host.h"
#include "core/monitor/journal.h"
#include "tests/app/compose/sharededge.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QNetworkRequest>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWebSocket>

#include <algorithm>
#include <memory>
#include <optional>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class tst_Sharing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_certificate = std::make_unique<TestCertificate>(); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_journal = std::make_unique<Journal>();
        SettingsInput input;
        input.file = m_folder->filePath(u"settings.json"_s);
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.defaults.workers = 1;
        m_host = std::make_unique<Host>(*m_journal, input);
        QVERIFY(!m_host->startDemo());
        QVERIFY(!m_host->start());
        m_edge = std::make_unique<SharedEdge>(
            m_certificate->server(), [this] { return m_host->relay().sharePort(); });
        m_clock = QDateTime::currentDateTimeUtc();
        m_seams = ShareSeams();
        m_seams.names.servers.clear();
        m_seams.authorities = QSslCertificate::fromPath(m_certificate->certFile());
        m_seams.proof.name = m_seams.proof.way = 0ms;
        m_seams.proof.again = 20ms;
        m_seams.proof.step = 60s; // none is to run out of its time
        m_seams.look = 20ms;
        m_seams.firstAgain = 50ms;
        m_seams.lastAgain = 400ms;
        m_seams.tunnel.firstRetry = 20ms;
        m_seams.tunnel.lastRetry = 100ms;
        m_seams.tunnel.second = 20ms;
        m_seams.now = [this] {
            ++m_looks;
            return m_clock;
        };
        m_lasted = 0ms;
        m_seams.lasted = [this] { return m_lasted; };
        m_sharing = std::make_unique<Sharing>(*m_host, m_seams);
    }
    void cleanup()
    {
        m_sharing.reset();
        m_edge.reset();
        m_host.reset();
        m_journal.reset();
    }

    void isSharedAndStopped()
    {
        QVERIFY(!m_sharing->isOn());
        start();
        QVERIFY(m_host->relay().sharePort() != 0);
        QCOMPARE(status().address, QUrl(m_edge->address()));
        QCOMPARE(status().secret.size(), 22);
        QCOMPARE(status().until, m_clock.addSecs(4 * 3600));
        QVERIFY(status().proof->works);
        QCOMPARE(count("share_starting"), 1);
        QCOMPARE(count("shared"), 1);
        m_sharing->stop();
        QCOMPARE(m_host->relay().sharePort(), 0); // at once, whatever becomes of the program
        QVERIFY(status().secret.isEmpty());
        QVERIFY(becomes(Sharing::State::Off));
        QVERIFY(status().reason.isEmpty());
        QVERIFY(status().address.isEmpty());
        QCOMPARE(count("share_stopped"), 1);
        QCOMPARE(m_host->relay().state(), RelayState::Running);
    }

    void againIsAnotherLink()
    {
        start();
        const QByteArray first = status().secret;
        m_sharing->stop();
        QVERIFY(becomes(Sharing::State::Off));
        start();
        QVERIFY(status().secret != first);
    }

    void whatCannotBeShared()
    {
        SharePlan wrong = plan();
        wrong.origins = {u"*"_s};
        QVERIFY(m_sharing->start(wrong));
        QVERIFY(!m_sharing->isOn());
        start();
        QVERIFY(m_sharing->start(plan())); // it is on
        m_sharing->stop();
        QVERIFY(becomes(Sharing::State::Off));
        m_host->stopNow();
        QTRY_COMPARE(m_host->relay().state(), RelayState::Stopped);
        QVERIFY(m_sharing->start(plan()));
        QCOMPARE(m_host->relay().sharePort(), 0);
    }

    void newLink()
    {
        start();
        const QByteArray first = status().secret;
        const quint16 port = m_host->relay().sharePort();
        m_sharing->newLink();
        QCOMPARE(status().state, Sharing::State::Shared);
        QCOMPARE(status().secret.size(), 22);
        QVERIFY(status().secret != first);
        QCOMPARE(m_host->relay().sharePort(), port);
        QCOMPARE(count("share_link_renewed"), 1);
    }

    void letsInOneMorePage()
    {
        QVERIFY(m_sharing->allowOrigin(u"https://late.example.org"_s)); // it is off
        start();
        QVERIFY(m_sharing->allowOrigin(u"nonsense"_s));
        QVERIFY(m_sharing->allowOrigin(u"*"_s));
        QCOMPARE(m_sharing->origins(), plan().origins);
        const QByteArray first = status().secret;
        QVERIFY(!m_sharing->allowOrigin(u"https://late.example.org"_s));
        QVERIFY(!m_sharing->allowOrigin(u"https://late.example.org"_s)); // once
        SharePlan more = plan();
        more.origins.append(u"https://late.example.org"_s);
        QCOMPARE(m_sharing->origins(), more.origins);
        QCOMPARE(m_sharing->lastPlan(), more);
        m_sharing->newLink(); // and it stays
        QCOMPARE(m_sharing->origins(), more.origins);
        QVERIFY(status().secret != first);
        m_sharing->stop();
        QVERIFY(m_sharing->origins().isEmpty());
    }

    void endsWithTheRelay()
    {
        start();
        m_host->stopNow();
        QVERIFY(becomes(Sharing::State::Off));
        QVERIFY(plain(status().reason).contains(u"relay was stopped"_s));
    }

    /// Also over a time in which no timer runs.
    void endsByTheWallClock()
    {
        start();
        m_clock = m_clock.addSecs(4 * 3600 - 1);
        QVERIFY(isOnAfterLooking());
        m_clock = m_clock.addSecs(1);
        QVERIFY(becomes(Sharing::State::Off));
        QVERIFY(plain(status().reason).contains(u"is over"_s));
        QCOMPARE(m_host->relay().sharePort(), 0);
    }

    /// Whatever is done to the wall clock.
    void endsByTheOtherClock()
    {
        start();
        m_clock = m_clock.addYears(-10);
        m_lasted = 4h - 1ms;
        QVERIFY(isOnAfterLooking());
        m_lasted = 4h;
        QVERIFY(becomes(Sharing::State::Off));
        QVERIFY(plain(status().reason).contains(u"is over"_s));
    }

    void whatDoesNotComeThroughIsTriedAgain()
    {
        m_edge->setDown(true);
        QVERIFY(!m_sharing->start(plan()));
        QVERIFY(becomes(Sharing::State::Broken));
        QVERIFY(!m_then.reason.isEmpty());
        QVERIFY(!m_then.proof->works);
        QCOMPARE(count("shared"), 0);
        QTRY_VERIFY(m_edge->connections() > 3);
        QCOMPARE(count("share_broken"), 1); // once for what stays the same
        m_edge->setDown(false);
        QVERIFY(becomes(Sharing::State::Shared));
        QVERIFY(status().reason.isEmpty());
        QCOMPARE(count("shared"), 1);
    }

    void isTestedAgainWhenAsked()
    {
        start();
        const qsizetype before = m_edge->connections();
        m_sharing->testAgain();
        QCOMPARE(status().state, Sharing::State::Testing);
        QVERIFY(becomes(Sharing::State::Shared));
        QVERIFY(m_edge->connections() > before);
        QCOMPARE(count("shared"), 2);
    }

    void cutsOfQuietConnectionsAreTold()
    {
        start();
        // Until it has heard something it counts as one that could not be opened, and comes again.
        const QDeadlineTimer patience(30s);
        while (count("share_cut") == 0 && !patience.hasExpired()) {
            QTRY_VERIFY(m_edge->hasCanary());
            m_edge->cut();
            QTRY_VERIFY(count("share_cut") > 0 || m_edge->hasCanary());
        }
        QCOMPARE(count("share_cut"), 1);
        QVERIFY(becomes(Sharing::State::Shared));
        const CheckStep &last = status().steps.last();
        QCOMPARE(last.id, "quiet"_L1);
        QCOMPARE(int(last.result), int(CheckStep::Result::Warning));
    }

    /// Where each proof is good and no canary gets through, the service is not stormed by proofs.
    void aCanaryThatCannotBeOpenedIsTriedEverMoreSeldom()
    {
        m_seams.lastAgain = 1h;
        m_sharing = std::make_unique<Sharing>(*m_host, m_seams);
        m_edge->refuseWatch(true);
        const auto isRefused = [this] {
            const qsizetype before = m_edge->refusedWatches();
            m_sharing->testAgain();
            if (!becomes(Sharing::State::Shared)
                || !QTest::qWaitFor([this, before] { return m_edge->refusedWatches() > before; }, 30'000))
                return false;
            QTest::qWait(30); // for Sharing to hear of it
            return true;
        };
        start();
        for (int i = 0; i < 10; ++i) // each makes the pause twice as long, which is 51 s then
            QVERIFY(isRefused());
        QVERIFY(!becomes(Sharing::State::Testing, 500ms)); // ten pauses of those that are first

        // One that opens makes the pause a first one. When the edge sees it, Sharing may not have heard of it yet.
        bool comesSoon = false;
        for (int i = 0; i < 5 && !comesSoon; ++i) {
            m_edge->refuseWatch(false);
            m_sharing->testAgain();
            QVERIFY(becomes(Sharing::State::Shared));
            QTRY_VERIFY(m_edge->hasCanary());
            QTest::qWait(30);
            m_edge->refuseWatch(true);
            QVERIFY(isRefused());
            comesSoon = becomes(Sharing::State::Testing, 1s);
        }
        QVERIFY(comesSoon);
    }

    /// What was measured counts no more once a proof has failed: the address may be another service's then.
    void callersAreBelievedAsLongAsItIsProven()
    {
        m_edge->setCaller("198.51.100.1");
        start();
        QCOMPARE(status().proof->trustsForwardedFor, std::optional(true));
        m_edge->setDown(true);
        m_sharing->testAgain();
        QVERIFY(becomes(Sharing::State::Broken));
        QTcpSocket visitor;
        visitor.connectToHost(QHostAddress::LocalHost, m_host->relay().sharePort());
        visitor.write("GET /s/" + status().secret
            + "/v1/realtime HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n");
        QTRY_VERIFY(status().visitor);
        QCOMPARE(status().visitor->address, QString());
        QCOMPARE(count("share_visited"), 1);
    }

    /// Nor is what was measured at one address right of another one, from the first moment on.
    void callersAreNotBelievedAtAnAddressThatIsNotProven()
    {
        m_edge->setCaller("198.51.100.1");
        start();
        QCOMPARE(status().proof->trustsForwardedFor, std::optional(true));
        SharedEdge other(m_certificate->server(), [this] { return m_host->relay().sharePort(); });
        other.setSilent(true);
        QFile::remove(m_folder->filePath(u"go"_s)); // its program begins anew, and says the other address
        QTRY_VERIFY(status().state != Sharing::State::Shared);
        letGo(other.address());
        QTRY_COMPARE(status().address, QUrl(other.address()));
        QVERIFY(becomes(Sharing::State::Testing));
        QTRY_VERIFY(other.connections() > 0);
        QNetworkRequest request(QUrl(u"ws://127.0.0.1:%1/s/%2/v1/realtime?model=gpt-realtime"_s.arg(
            QString::number(m_host->relay().sharePort()), QString::fromLatin1(status().secret))));
        request.setRawHeader("Authorization", "Bearer sk-any");
        request.setRawHeader("X-Forwarded-For", "203.0.113.7");
        QWebSocket guest;
        guest.open(request);
        QTRY_COMPARE(m_host->relay().snapshot().sharedCalls, 1);
        QCOMPARE(status().state, Sharing::State::Testing);
        QVERIFY(
            m_host->relay().snapshot(Relay::Detail::Calls).calls.first().clientAddress != "203.0.113.7"_L1);
    }

    /// Every page would pass for one that may call.
    void aWayThatChangesOriginsNeedsSomebody()
    {
        m_edge->setOrigin("https://service.example.net");
        QVERIFY(!m_sharing->start(plan()));
        const QByteArray first = status().secret;
        QVERIFY(becomes(Sharing::State::NeedsYou));
        QVERIFY(!status().proof->works);
        QCOMPARE(status().proof->failure()->code, "origin_changed"_L1);
        QVERIFY(!status().reason.isEmpty());
        QCOMPARE(count("share_needs_operator"), 1);
        QCOMPARE(status().secret.size(), 22);
        QVERIFY(status().secret != first); // the link that is out is void
        const qsizetype before = m_edge->connections();
        QTest::qWait(100); // longer than to the next proof, if there were one
        QCOMPARE(m_edge->connections(), before);
        m_edge->setOrigin({});
        m_sharing->testAgain();
        QVERIFY(becomes(Sharing::State::Shared));
    }

    /// As long as it does not work, and is wanted.
    void whatDoesNotWorkIsATrouble()
    {
        m_edge->setDown(true);
        QVERIFY(!m_sharing->start(plan()));
        QTRY_VERIFY(isTrouble()); // after a moment
        QVERIFY(!plain(trouble().text).isEmpty());
        m_edge->setDown(false);
        QVERIFY(becomes(Sharing::State::Shared));
        QVERIFY(!isTrouble());
        QCOMPARE(count("trouble_began"), 0); // it has lines of its own
        m_edge->setDown(true);
        m_sharing->testAgain();
        QTRY_VERIFY(isTrouble());
        m_sharing->stop();
        QVERIFY(!isTrouble());
    }

    /// Whoever hears that it starts may stop it at once.
    void isStoppedBySomebodyWhoHearsOfIt()
    {
        connect(m_sharing.get(), &Sharing::changed, this, [this] {
            if (status().state != Sharing::State::Off && status().state != Sharing::State::Stopping)
                m_sharing->stop();
        });
        QVERIFY(!m_sharing->start(plan()));
        QVERIFY(becomes(Sharing::State::Off));
        QCOMPARE(m_host->relay().sharePort(), 0);
        QVERIFY(!m_sharing->start(plan())); // and again
        QVERIFY(becomes(Sharing::State::Off));
    }

    void aProgramThatEndsIsStartedAgain()
    {
        start();
        QFile::remove(m_folder->filePath(u"go"_s));
        QTRY_VERIFY(count("share_broken") >= 1 || status().state != Sharing::State::Shared);
        QVERIFY(m_host->relay().sharePort() != 0);
        const QByteArray secret = status().secret;
        letGo(m_edge->address());
        QVERIFY(becomes(Sharing::State::Shared));
        QCOMPARE(status().secret, secret); // the link that was sent is right again
    }

    void saysWhatItNeeds()
    {
        SharePlan missing = plan();
        missing.fields[u"command"_s] = u"no-such-program-here"_s;
        QVERIFY(!m_sharing->start(missing));
        QVERIFY(becomes(Sharing::State::NeedsYou));
        QVERIFY(!status().reason.isEmpty());
        QCOMPARE(count("share_needs_operator"), 1);
        m_sharing->stop();
        QVERIFY(becomes(Sharing::State::Off));
    }

    void whatWasChosenIsKept()
    {
        QVERIFY(!m_sharing->lastPlan());
        QVERIFY(!m_sharing->wasAccepted());
        m_sharing->accept();
        QVERIFY(m_sharing->wasAccepted());
        start();
        QCOMPARE(m_sharing->lastPlan(), plan());
        QVERIFY(m_sharing->wasAccepted());
        QFile file(m_folder->filePath(u"settings.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.contains("\"accepted\""));
        QVERIFY(!text.contains(status().secret));
    }

    void theSecretIsInNoLine()
    {
        start();
        m_sharing->newLink();
        const QByteArray secret = status().secret;
        m_sharing->stop();
        QVERIFY(becomes(Sharing::State::Off));
        for (const JournalEntry &entry : m_journal->entriesAfter(0))
            QVERIFY(!journalLine(entry, LogFormat::Json).contains(secret));
    }

    void goesWithItsOwner()
    {
        start();
        m_sharing.reset();
        QCOMPARE(m_host->relay().sharePort(), 0);
    }

private:
    const Sharing::Status &status() const { return m_sharing->status(); }

    void write(const QString &name, const QByteArray &content)
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    /// Whichever run of the program finds the file says this address, also one that had begun before.
    void letGo(const QString &address) { write(u"go"_s, address.toLatin1() + '\n'); }

    Trouble trouble() const
    {
        const auto troubles = m_host->relay().snapshot().troubles;
        const auto found = std::find_if(troubles.begin(), troubles.end(),
            [](const Trouble &each) { return each.code == TroubleCode::ShareBroken; });
        return found == troubles.end() ? Trouble() : *found;
    }
    bool isTrouble() const { return trouble().code == TroubleCode::ShareBroken; }

    /// Its program prints the address that is in the file "go", and goes on as long as there is one; else it ends at once.
    SharePlan plan()
    {
        letGo(m_edge->address());
        write(u"tunnel"_s,
            "read -r address 2>/dev/null <\"$1/go\" || exit 1\necho \"your url is: $address\"\n"
            "while [ -e \"$1/go\" ]; do sleep 0.05; done\nexit 1\n");
        SharePlan plan;
        plan.way = u"command"_s;
        plan.fields
            = {{u"command"_s, u"sh %1/tunnel %1"_s.arg(m_folder->path())}, {u"shows"_s, u"your url is:"_s}};
        plan.origins = {u"https://app.example.org"_s};
        return plan;
    }

    void start()
    {
        const auto problem = m_sharing->start(plan());
        QVERIFY2(!problem, problem ? qPrintable(plain(*problem)) : "");
        QVERIFY2(becomes(Sharing::State::Shared),
            qPrintable(QString::number(int(status().state)) + u' ' + plain(status().reason)));
    }

    /// After it has looked at the clocks as they are now.
    bool isOnAfterLooking()
    {
        const int before = m_looks;
        // The second begins when the first is over.
        return QTest::qWaitFor([this, before] { return m_looks >= before + 2; }, 30'000) && m_sharing->isOn();
    }

    /// By an event loop of its own, for QTRY_VERIFY sleeps between two turns, and the edge needs many. What it was then is in
    /// m_then: where that does not last it may be another before the loop has ended.
    bool becomes(Sharing::State state, std::chrono::milliseconds patience = 30s)
    {
        QEventLoop loop;
        QTimer::singleShot(patience, &loop, &QEventLoop::quit);
        bool became = false;
        const auto look = [&] {
            if (became || status().state != state)
                return;
            became = true;
            m_then = status();
            loop.quit();
        };
        connect(m_sharing.get(), &Sharing::changed, &loop, look);
        look();
        if (!became)
            loop.exec();
        return became;
    }

    int count(const QByteArray &event) const
    {
        const QList<JournalEntry> all = m_journal->entriesAfter(0);
        return int(std::count_if(
            all.begin(), all.end(), [&event](const JournalEntry &entry) { return entry.event == event; }));
    }

    std::unique_ptr<TestCertificate> m_certificate;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<SharedEdge> m_edge;
    ShareSeams m_seams;
    std::unique_ptr<Sharing> m_sharing;
    Sharing::Status m_then; ///< when becomes() was true
    QDateTime m_clock;
    std::chrono::milliseconds m_lasted{};
    int m_looks = 0; ///< at the wall clock
};

RELAY_TEST(tst_Sharing)
#include "tst_sharing.moc"
