// SPDX-License-Identifier: MIT
#include "ui/control/keyvault.h"

#include "tests/support/relaytest.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// One that the test plays; it outlives the vault's.
struct PlayedKeychain
{
    Secret kept;
    Keychain::Outcome refusal = Keychain::Outcome::Done; ///< of every question, unless Done
    int asked = 0;
};

class PlayedKeychainAccess final : public Keychain
{
public:
    explicit PlayedKeychainAccess(PlayedKeychain &keychain)
        : m_keychain(keychain)
    {
    }

    void read(Then then) override
    {
        answer(then, [this] {
            return Answer{m_keychain.kept.isEmpty() ? Outcome::NotThere : Outcome::Done, m_keychain.kept, {}};
        });
    }
    void write(const Secret &secret, Then then) override
    {
        answer(then, [this, secret] {
            m_keychain.kept = secret;
            return Answer{Outcome::Done, {}, {}};
        });
    }
    void erase(Then then) override
    {
        answer(then, [this] {
            const bool wasThere = !m_keychain.kept.isEmpty();
            m_keychain.kept = {};
            return Answer{wasThere ? Outcome::Done : Outcome::NotThere, {}, {}};
        });
    }

private:
    void answer(const Then &then, const std::function<Answer()> &act)
    {
        ++m_keychain.asked;
        QTimer::singleShot(0, &m_owner, [this, then, act] {
            then(
                m_keychain.refusal == Outcome::Done ? act() : Answer{m_keychain.refusal, {}, u"none here"_s});
        });
    }

    PlayedKeychain &m_keychain;
    QObject m_owner;
};

const Secret firstKey("sk-first-0123456789");
const Secret otherKey("sk-other-0123456789");

} // namespace

class tst_KeyVault : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    PlayedKeychain m_keychain;
    std::unique_ptr<KeyVault> m_vault;

    QString file() const { return m_folder->filePath(u"config/settings.key"_s); }
    void make(bool withKeychain = true)
    {
        m_vault = std::make_unique<KeyVault>(
            file(), withKeychain ? std::make_unique<PlayedKeychainAccess>(m_keychain) : nullptr);
    }
    QByteArray content() const
    {
        QFile in(file());
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    void writeFile(const QByteArray &content,
        QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(file()).absolutePath()));
        QFile out(file());
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(content) == content.size());
        out.close();
        QVERIFY(out.setPermissions(permissions));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_keychain = {};
        make();
    }
    void cleanup() { m_vault.reset(); }

    void asksNothingByItself()
    {
        QCoreApplication::processEvents();
        QCOMPARE(m_keychain.asked, 0);
        QVERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::Nowhere);
    }

    void keepsAndFindsAndErases()
    {
        QSignalSpy changed(m_vault.get(), &KeyVault::changed);
        QVERIFY(!m_vault->store(firstKey));
        QVERIFY(m_vault->isBusy());
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(changed.size(), 2);
        QCOMPARE(m_vault->place(), KeyVault::Place::Keychain);
        QVERIFY(m_vault->key() == firstKey);
        QVERIFY(m_keychain.kept == firstKey);
        QVERIFY(m_vault->placeText().contains("keychain"_L1));
        QCOMPARE(content(), QByteArray("keychain\n"));

        make();
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key() == firstKey);
        QVERIFY(!m_vault->store(otherKey));
        m_vault->erase(); // after that
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key().isEmpty());
        QVERIFY(m_keychain.kept.isEmpty());
        QCOMPARE(m_vault->place(), KeyVault::Place::Nowhere);
        QCOMPARE(m_vault->problem(), QString());
        QVERIFY(!QFile::exists(file()));
    }

    void noKeychainIsAskedForAKeyThatIsNotThere()
    {
        m_vault->read();
        QVERIFY(m_vault->isBusy());
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_keychain.asked, 0);
        QCOMPARE(m_vault->problem(), QString());
    }

    // The service had stopped when the other one was typed.
    void anOlderKeyIsErasedFromTheKeychain()
    {
        QVERIFY(!m_vault->store(firstKey));
        QTRY_VERIFY(!m_vault->isBusy());
        m_keychain.refusal = Keychain::Outcome::Missing;
        QVERIFY(!m_vault->store(otherKey));
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::File);
        QVERIFY(m_keychain.kept == firstKey);
        m_keychain.refusal = Keychain::Outcome::Done;
        m_vault->erase();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_keychain.kept.isEmpty());
        QVERIFY(!QFile::exists(file()));
        QVERIFY(m_vault->key().isEmpty());
        QCOMPARE(m_vault->problem(), QString());
    }

    void aKeychainThatIsGone_data()
    {
        QTest::addColumn<bool>("isBuiltIn");
        QTest::newRow("built without") << false;
        QTest::newRow("no service") << true;
    }
    void aKeychainThatIsGone()
    {
        QFETCH(bool, isBuiltIn);
        writeFile("keychain\n");
        m_keychain.refusal = Keychain::Outcome::Missing;
        make(isBuiltIn);
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key().isEmpty());
        QVERIFY2(m_vault->problem().contains("cannot be reached"_L1), qPrintable(m_vault->problem()));
    }

    void aKeychainThatHasLostIt()
    {
        writeFile("keychain\n");
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key().isEmpty());
        QVERIFY2(m_vault->problem().contains("type it again"_L1), qPrintable(m_vault->problem()));
    }

    void refusesWhatIsNoKey()
    {
        const QByteArray wrong[] = {"", "sk with blanks", "ek_rr_0123456789", "sk-\xc3\xa4"};
        for (const QByteArray &key : wrong) {
            const auto problem = m_vault->store(Secret(key));
            QVERIFY(problem);
            QVERIFY(!problem->contains("sk-"_L1) && !problem->contains("blanks sk"_L1));
        }
        QCOMPARE(m_keychain.asked, 0);
    }

    void withoutAKeychainItIsAFileAndSaysSo_data()
    {
        QTest::addColumn<bool>("isBuiltIn");
        QTest::newRow("built without") << false;
        QTest::newRow("no service") << true;
    }
    void withoutAKeychainItIsAFileAndSaysSo()
    {
        QFETCH(bool, isBuiltIn);
        m_keychain.refusal = Keychain::Outcome::Missing;
        make(isBuiltIn);
        QVERIFY(!m_vault->store(firstKey));
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::File);
        QCOMPARE(m_vault->problem(), QString());
        QVERIFY2(m_vault->placeText().contains(QDir::toNativeSeparators(file())),
            qPrintable(m_vault->placeText()));
        QVERIFY(!m_vault->placeText().contains("sk-"_L1));
#ifdef Q_OS_UNIX
        QCOMPARE(QFile::permissions(file()) & ~(QFile::ReadUser | QFile::WriteUser),
            QFile::ReadOwner | QFile::WriteOwner);
#endif
        make(isBuiltIn);
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key() == firstKey);
        m_vault->erase();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(!QFile::exists(file()));
        QVERIFY(m_vault->key().isEmpty());
    }

    void movesIntoAKeychainThatHasCome()
    {
        writeFile(firstKey.reveal() + '\n');
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::File);
        QVERIFY(m_vault->key() == firstKey);
        QVERIFY(m_vault->placeText().contains("type the key again"_L1));
        QVERIFY(!m_vault->store(firstKey));
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::Keychain);
        QCOMPARE(content(), QByteArray("keychain\n")); // and the key no more
    }

    void aKeychainThatStaysLocked()
    {
        m_keychain.kept = firstKey;
        writeFile("keychain\n");
        m_keychain.refusal = Keychain::Outcome::Denied;
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::Nowhere);
        QVERIFY(!m_vault->problem().isEmpty());
        QVERIFY(!m_vault->store(otherKey));
        QTRY_VERIFY(!m_vault->isBusy());
        QCOMPARE(m_vault->place(), KeyVault::Place::Nowhere); // and in no file, which nobody has asked for
        QCOMPARE(content(), QByteArray("keychain\n"));
        QVERIFY(!m_vault->problem().isEmpty());
        m_keychain.refusal = Keychain::Outcome::Done;
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key() == firstKey);
        QCOMPARE(m_vault->problem(), QString());
        m_keychain.refusal = Keychain::Outcome::Denied;
        m_vault->erase();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key() == firstKey);
        QVERIFY(!m_vault->problem().isEmpty());
    }

    void aFileThatOthersCanRead()
    {
#ifdef Q_OS_UNIX
        writeFile(firstKey.reveal(), QFile::ReadOwner | QFile::ReadOther);
        make(false);
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key() == firstKey);
        QVERIFY2(m_vault->problem().contains("chmod 600"_L1), qPrintable(m_vault->problem()));
#endif
    }

    void aFileThatHoldsNoKey_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("nothing") << QByteArray("\n");
        QTest::newRow("two words") << QByteArray("sk-hunter2 sk-hunter3");
    }
    void aFileThatHoldsNoKey()
    {
        QFETCH(QByteArray, content);
        writeFile(content);
        m_vault->read();
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key().isEmpty());
        QVERIFY(m_vault->problem().contains("no key"_L1));
        QVERIFY(!m_vault->problem().contains("hunter2"_L1));
    }

    void aFileThatCannotBeWritten()
    {
        QVERIFY(QDir().mkpath(file())); // a folder stands there
        make(false);
        QVERIFY(!m_vault->store(firstKey));
        QTRY_VERIFY(!m_vault->isBusy());
        QVERIFY(m_vault->key().isEmpty());
        QVERIFY(!m_vault->problem().isEmpty());
        QVERIFY(!m_vault->problem().contains("sk-"_L1));
    }

    void mayGoWhileItIsBusy()
    {
        QVERIFY(!m_vault->store(firstKey));
        m_vault.reset();
        QCoreApplication::processEvents();
        make(false);
        m_vault->read();
        m_vault.reset();
        QCoreApplication::processEvents();
    }
};

RELAY_TEST(tst_KeyVault)
#include "tst_keyvault.moc"
