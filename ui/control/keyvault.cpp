// SPDX-License-Identifier: MIT
#include "ui/control/keyvault.h"

#include "core/config/regularfile.h"
#include "core/config/settingchecks.h"
#include "ui/control/translated.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QTimer>

#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

#ifdef Q_OS_UNIX
constexpr auto othersMayRead = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
#endif

} // namespace

KeyVault::KeyVault(QString file, std::unique_ptr<Keychain> keychain, QObject *parent)
    : QObject(parent)
    , m_file(std::move(file))
    , m_keychain(std::move(keychain))
{
}

KeyVault::~KeyVault() = default;

void KeyVault::read()
{
    begin();
    const auto then = [this](const Keychain::Answer &answer) {
        m_why = answer.outcome == Keychain::Outcome::Missing ? answer.why : QString();
        if (answer.outcome == Keychain::Outcome::Done && !answer.secret.isEmpty()) {
            take(Place::Keychain, answer.secret);
            return end({});
        }
        // It may have been kept while there was no keychain.
        take(Place::Nowhere, {});
        QString problem = readFromFile();
        if (answer.outcome == Keychain::Outcome::Denied && m_place == Place::Nowhere)
            problem
                = tr("The system's keychain did not give the key: unlock it, and start this program again.");
        end(problem);
    };
    if (m_keychain)
        m_keychain->read(then);
    else
        QTimer::singleShot(0, this, [then] { then({}); });
}

std::optional<QString> KeyVault::store(const Secret &key)
{
    QString text = QString::fromUtf8(key.reveal());
    if (key.isEmpty())
        return tr("There is no key to be kept.");
    if (const auto problem = checkApiKey(text)) {
        const QString why = translated(*problem);
        return why.first(1).toUpper() + why.sliced(1) + u'.';
    }
    begin();
    const auto then = [this, key](const Keychain::Answer &answer) {
        m_why = answer.outcome == Keychain::Outcome::Missing ? answer.why : QString();
        if (answer.outcome == Keychain::Outcome::Done) {
            const QString problem = removeFile();
            take(Place::Keychain, key);
            return end(problem);
        }
        if (answer.outcome != Keychain::Outcome::Missing)
            return end(
                tr("The key was not kept: the system's keychain did not take it. Unlock it, and try again."));
        QString problem = writeToFile(key);
        if (problem.isEmpty())
            take(Place::File, key);
        end(problem);
    };
    if (m_keychain)
        m_keychain->write(key, then);
    else
        QTimer::singleShot(0, this, [then] { then({}); });
    return {};
}

void KeyVault::erase()
{
    begin();
    const auto then = [this](const Keychain::Answer &answer) {
        m_why = answer.outcome == Keychain::Outcome::Missing ? answer.why : QString();
        if (answer.outcome == Keychain::Outcome::Denied)
            return end(
                tr("The key was not removed: the system's keychain did not let go of it. Unlock it, and try "
                   "again."));
        // Where the keychain that has it is gone, it would come back with it.
        if (answer.outcome == Keychain::Outcome::Missing && m_place == Place::Keychain)
            return end(tr("The key was not removed: the system's keychain cannot be reached. %1").arg(m_why));
        const QString problem = removeFile();
        if (problem.isEmpty())
            take(Place::Nowhere, {});
        end(problem);
    };
    if (m_keychain)
        m_keychain->erase(then);
    else
        QTimer::singleShot(0, this, [then] { then({}); });
}

QString KeyVault::placeText() const
{
    switch (m_place) {
    case Place::Keychain:
        return tr("The key is kept in the system's keychain.");
    case Place::File:
        return m_why.isEmpty() && m_keychain
            ? tr(
                "The key is kept in the file %1, which only you can read, for there was no keychain when it was typed. "
                "Type it again to have it in the keychain.")
                  .arg(QDir::toNativeSeparators(m_file))
            : tr(
                "No keychain service runs on this system: the key is kept in the file %1, which only you can read.")
                  .arg(QDir::toNativeSeparators(m_file));
    case Place::Nowhere:
        break;
    }
    return tr(
        "No key is kept. It would be in the system's keychain or, where there is none, in a file that only you can "
        "read.");
}

void KeyVault::begin()
{
    ++m_waiting;
    Q_EMIT changed();
}

void KeyVault::end(const QString &problem)
{
    --m_waiting;
    m_problem = problem;
    Q_EMIT changed();
}

void KeyVault::take(Place place, const Secret &key)
{
    m_place = place;
    m_key = key;
}

/// Returns what is wrong, as the other two.
QString KeyVault::readFromFile()
{
    if (!QFileInfo::exists(m_file))
        return {};
    const auto content = readRegularFile(m_file);
    if (const auto *why = std::get_if<Sentence>(&content))
        return tr("The file %1 with the key cannot be read: %2.")
            .arg(QDir::toNativeSeparators(m_file), translated(*why));
    QString key = QString::fromUtf8(std::get<QByteArray>(content)).trimmed();
    if (key.isEmpty() || checkApiKey(key))
        return tr("The file %1 holds no key.").arg(QDir::toNativeSeparators(m_file));
    take(Place::File, Secret(key.toLatin1()));
#ifdef Q_OS_UNIX
    if (QFileInfo(m_file).permissions() & othersMayRead)
        return tr("The file %1 holds the key, and others can read it. Run: chmod 600 %1").arg(m_file);
#endif
    return {};
}

QString KeyVault::writeToFile(const Secret &key)
{
    QSaveFile file(m_file);
    // The permissions come first: it never stands in a file that others can read.
    const bool saved = QDir().mkpath(QFileInfo(m_file).absolutePath()) && file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.write(key.reveal() + '\n') >= 0
        && file.flush() && file.commit(); // commit() alone does not notice a full disk (Qt 6.4)
    return saved
        ? QString()
        : tr(
            "The key cannot be kept in %1: %2. Check that you may write there and that the disk is not full.")
              .arg(QDir::toNativeSeparators(m_file), file.errorString());
}

QString KeyVault::removeFile()
{
    QFile file(m_file);
    return !file.exists() || file.remove() ? QString()
                                           : tr("The file %1 with the key cannot be removed: %2.")
                                                 .arg(QDir::toNativeSeparators(m_file), file.errorString());
}

} // namespace rr
