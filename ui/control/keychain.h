// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"

#include <QString>

#include <functional>
#include <memory>

namespace rr {

/// The system's place for passwords: Secret Service or KWallet, the Keychain of macOS, the credentials of Windows. It holds
/// one secret here. Answers come later, in the order of the questions, and none once it is gone; its owner may be asked to
/// unlock it first. Main thread.
class Keychain
{
public:
    enum class Outcome : quint8 {
        Done,
        NotThere, ///< it holds no such secret
        Denied, ///< its owner has said no, or did not unlock it
        Missing, ///< no such service runs here, or it does not work
    };
    struct Answer
    {
        Outcome outcome = Outcome::Missing;
        Secret secret; ///< of read() that is Done
        QString why; ///< as the system says it; may be empty
    };
    using Then = std::function<void(const Answer &)>;

    virtual ~Keychain() = default;

    virtual void read(Then then) = 0;
    virtual void write(const Secret &secret, Then then) = 0;
    virtual void erase(Then then) = 0;
};

/// That of the system, for a secret of this name. Null: the program was built without one.
std::unique_ptr<Keychain> systemKeychain(const QString &name);

} // namespace rr
