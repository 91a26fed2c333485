// SPDX-License-Identifier: MIT
#include "core/relay/heldkey.h"

#include "core/config/regularfile.h"
#include "core/config/settingchecks.h"

namespace rr {

std::variant<Secret, RelayError> loadHeldKey(const Settings &settings)
{
    if (settings.openaiApiKeyFile.isEmpty())
        return Secret(settings.openaiApiKey.toLatin1());

    const auto error = [&settings](const char *text, const Sentence &why) {
        return RelayError{"key_file", "openaiApiKeyFile", Sentence(text, {settings.openaiApiKeyFile, why})};
    };
    const auto content = readRegularFile(settings.openaiApiKeyFile);
    if (const auto *why = std::get_if<Sentence>(&content))
        return error(
            QT_TRANSLATE_NOOP("Core", "%1 cannot be read: %2. Check the path and its permissions."), *why);
    QString key = QString::fromUtf8(std::get<QByteArray>(content)).trimmed();
    constexpr auto noKey = QT_TRANSLATE_NOOP(
        "Core", "%1 holds no key that can be used: %2. It is to hold the key alone, on one line.");
    if (key.isEmpty())
        return error(noKey, QT_TRANSLATE_NOOP("Core", "it is empty"));
    if (const auto problem = checkApiKey(key))
        return error(noKey, *problem);
    return Secret(key.toLatin1());
}

} // namespace rr
