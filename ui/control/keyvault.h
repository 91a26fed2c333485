// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"
#include "ui/control/keychain.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace rr {

/// Where the held key is kept that was typed in the window: in the system's keychain or, where there is none, in a file beside
/// the settings that its owner alone can read. It is never in the settings themselves. A keychain that has no key of ours is not
/// asked by read(), for it may ask its owner for a password first; erase() asks it all the same, for it may have an older one from
/// before the file. What becomes of read(), store() and erase() is told by changed(), later; what one of them asks while another
/// waits comes after that. Main thread.
class KeyVault : public QObject
{
    Q_OBJECT
public:
    enum class Place : quint8 { Nowhere, Keychain, File };

    /// `file`: where the key is while it is in no keychain, and else that it is in one. `keychain` null: there is none.
    KeyVault(QString file, std::unique_ptr<Keychain> keychain, QObject *parent = nullptr);
    ~KeyVault() override;

    /// Looks for a key that was kept before.
    void read();
    /// Keeps this one in the place of any before. Returns what is wrong with it, as a sentence, and then nothing has changed.
    std::optional<QString> store(const Secret &key);
    void erase(); ///< from wherever it is

    bool isBusy() const { return m_waiting > 0; } ///< something was asked for, and changed() is to come
    Place place() const { return m_place; } ///< where the key is; Nowhere: there is none
    const Secret &key() const { return m_key; } ///< what Host::holdKey() is given; shown as masked() only
    QString file() const { return m_file; }
    /// Where the key is, in words, or where it would be; and that a file is no keychain.
    QString placeText() const;
    /// Why it could not do what it was asked for last, and what to do; empty: it could.
    QString problem() const { return m_problem; }

Q_SIGNALS:
    void changed(); ///< of any of the above

private:
    struct FileContent
    {
        Secret key;
        bool inKeychain = false; ///< it says that the key is there
        QString problem;
    };

    void begin();
    void end(const QString &problem);
    void take(Place place, const Secret &key);
    FileContent readFile() const;
    QString writeFile(const QByteArray &content);
    static QString unreachable(const QString &why);

    const QString m_file;
    const std::unique_ptr<Keychain> m_keychain;
    Secret m_key;
    QString m_problem;
    Place m_place = Place::Nowhere;
    int m_waiting = 0;
};

} // namespace rr
