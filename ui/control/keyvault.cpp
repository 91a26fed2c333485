// SPDX-License-Identifier: MIT
#include "ui/control/keyvault.h"

#include "core/config/regularfile.h"
#include "core/config/settingchecks.h"
#include "core/realtime/redaction.h"
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

/// Stands in the file in the place of the key while that is in the keychain, which is asked only then: KWallet wants its
/// password, whatever it is asked.
constexpr auto keychainMark = "keychain";

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
    take(Place::Nowhere, {});
    const FileContent file = readFile();
    if (!file.inKeychain) {
        if (!file.key.isEmpty())
            take(Place::File, file.key);
        return QTimer::singleShot(0, this, [this, problem = file.problem] { end(problem); });
    }
    if (!m_keychain)
        return QTimer::singleShot(0, this, [this] { end(unreachable({})); });
    m_keychain->read([this](const Keychain::Answer &answer) {
        switch (answer.outcome) {
        case Keychain::Outcome::Done:
            take(Place::Keychain, answer.secret);
            return end({});
        case Keychain::Outcome::NotThere:
            return end(tr("The system's keychain does not hold the key any more: type it again."));
        case Keychain::Outcome::Denied:
            return end(
                tr("The system's keychain did not give the key: unlock it, and start this program again."));
        case Keychain::Outcome::Missing:
            return end(unreachable(answer.why));
        }
    });
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
        if (answer.outcome == Keychain::Outcome::Denied || answer.outcome == Keychain::Outcome::NotThere)
            return end(
                tr("The key was not kept: the system's keychain did not take it. Unlock it, and try again."));
        const bool isInKeychain = answer.outcome == Keychain::Outcome::Done;
        const QString problem = writeFile(isInKeychain ? QByteArray(keychainMark) : key.reveal());
        if (problem.isEmpty())
            take(isInKeychain ? Place::Keychain : Place::File, key);
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
    const auto remove = [this] {
        QFile file(m_file);
        if (file.exists() && !file.remove())
            return end(tr("The file %1 with the key cannot be removed: %2.")
                           .arg(QDir::toNativeSeparators(m_file), file.errorString()));
        take(Place::Nowhere, {});
        end({});
    };
    if (!m_keychain)
        return QTimer::singleShot(0, this, remove);
    // Also where the key is in the file: an older one may be in a keychain that did not run when this one was typed.
    m_keychain->erase([this, remove](const Keychain::Answer &answer) {
        if (answer.outcome == Keychain::Outcome::Denied)
            return end(
                tr("The key was not removed: the system's keychain did not let go of it. Unlock it, and try "
                   "again."));
        if (answer.outcome == Keychain::Outcome::Missing && readFile().inKeychain)
            return end(unreachable(answer.why)); // it would come back with the keychain
        remove();
    });
}

QString KeyVault::placeText() const
{
    const QString file = QDir::toNativeSeparators(m_file);
    switch (m_place) {
    case Place::Keychain:
        return tr("The key is kept in the system's keychain.");
    case Place::File:
        return m_keychain
            ? tr(
                "No keychain service ran when the key was typed, so it is kept in the file %1, which only you can "
                "read. Where one runs now, type the key again to have it there.")
                  .arg(file)
            : tr(
                "This program was built without the system's keychain: the key is kept in the file %1, which only "
                "you can read.")
                  .arg(file);
    case Place::Nowhere:
        break;
    }
    return m_keychain
        ? tr(
            "No key is kept. It would be in the system's keychain or, where no such service runs, in the file %1, "
            "which only you could read.")
              .arg(file)
        : tr("No key is kept. It would be in the file %1, which only you could read.").arg(file);
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

KeyVault::FileContent KeyVault::readFile() const
{
    if (!QFileInfo::exists(m_file))
        return {};
    const QString name = QDir::toNativeSeparators(m_file);
    const auto content = readRegularFile(m_file);
    if (const auto *why = std::get_if<Sentence>(&content))
        return {{}, false, tr("The file %1 with the key cannot be read: %2.").arg(name, translated(*why))};
    QString key = QString::fromUtf8(std::get<QByteArray>(content)).trimmed();
    if (key == QLatin1String(keychainMark))
        return {{}, true, {}};
    if (key.isEmpty() || checkApiKey(key))
        return {{}, false, tr("The file %1 holds no key.").arg(name)};
    QString problem;
#ifdef Q_OS_UNIX
    if (QFileInfo(m_file).permissions() & othersMayRead)
        problem = tr("The file %1 holds the key, and others can read it. Run: chmod 600 %1").arg(m_file);
#endif
    return {Secret(key.toLatin1()), false, problem};
}

QString KeyVault::writeFile(const QByteArray &content)
{
    QSaveFile file(m_file);
    // The permissions come first: a key never stands in a file that others can read.
    const bool saved = QDir().mkpath(QFileInfo(m_file).absolutePath()) && file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.write(content + '\n') >= 0
        && file.flush() && file.commit(); // commit() alone does not notice a full disk (Qt 6.4)
    return saved
        ? QString()
        : tr("The key cannot be kept: %1: %2. Check that you may write there and that the disk is not full.")
              .arg(QDir::toNativeSeparators(m_file), file.errorString());
}

QString KeyVault::unreachable(const QString &why)
{
    const QString text = tr(
        "The key is in the system's keychain, which cannot be reached. Start its service, or type the key "
        "again.");
    return why.isEmpty() ? text : tr("%1 (It said: %2)").arg(text, outsideText(why));
}

} // namespace rr
