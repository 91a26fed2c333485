// SPDX-License-Identifier: MIT
// Whatever the settings file holds: it is read or refused in words, what is refused changes nothing, and what is taken reads
// the same again. The bytes are the file.
#include "core/config/settingsfile.h"
#include "core/config/settingsloader.h"
#include "core/config/settingvalue.h"
#include "tests/fuzz/require.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

using namespace rr;

namespace {

constexpr char password[] = "zebra-password";

/// A file in memory, under a name that can be opened again and again.
class MemoryFile
{
public:
    MemoryFile()
        : m_descriptor(memfd_create("settings", 0))
    {
        require(m_descriptor >= 0);
    }
    void write(const uint8_t *data, size_t size) const
    {
        require(ftruncate(m_descriptor, 0) == 0);
        require(pwrite(m_descriptor, data, size, 0) == ssize_t(size));
    }
    QString name() const { return QString::fromStdString("/proc/self/fd/" + std::to_string(m_descriptor)); }

private:
    int m_descriptor;
};

bool isRefused(const LoadedSettings &loaded, const SettingSpec &spec)
{
    return std::any_of(
        loaded.problems.begin(), loaded.problems.end(), [&spec](const SettingProblem &problem) {
            return findSetting(QString::fromUtf8(problem.key)) == &spec;
        });
}

void checkValue(const LoadedSettings &loaded, const SettingSpec &spec)
{
    const Settings defaults;
    const QJsonValue value = settingJson(loaded.settings, spec);
    const bool isDefault = value == settingJson(defaults, spec);
    require(isDefault || loaded.sources.value(&spec) == SettingSource::File);
    if (isRefused(loaded, spec))
        return;
    Settings again;
    require(!setSettingFromJson(again, spec, value) && settingJson(again, spec) == value);
    Settings asText;
    const QString text = settingText(loaded.settings, spec);
    require(!setSetting(asText, spec, text) && settingText(asText, spec) == text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const MemoryFile memory;
    memory.write(data, size);

    // A password where one belongs, and nowhere else
    const QByteArrayView text(data, qsizetype(size));
    const bool hasPassword = text.count(QByteArrayView(password)) == 1
        && text.contains(QByteArrayView("\"upstreamProxy\":\"http://user:zebra-password@"));

    const SettingsFile file = readSettingsFile(memory.name());
    require(file.exists && (file.problem.isEmpty() || file.content.isEmpty()));

    SettingsInput input;
    input.file = memory.name();
    input.fileMustExist = true;
    const LoadedSettings loaded = loadSettings(input);
    require(file.problem.isEmpty() || !loaded.problems.isEmpty());
    for (const SettingProblem &problem : loaded.problems) {
        require(problem.source == SettingSource::File && !plain(problem.message).isEmpty());
        require(!hasPassword || !plain(problem.message).contains(QLatin1String(password)));
    }
    for (const SettingSpec &spec : settingsTable()) {
        checkValue(loaded, spec);
        require(!hasPassword || !settingTextToShow(loaded.settings, spec).contains(QLatin1String(password)));
    }
    return 0;
}
