// SPDX-License-Identifier: MIT
#include "app/daemon/doctorcommandline.h"

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// "relay.example.org", "relay.example.org:8443" or a URL, path and all; as others are told it.
QUrl addressIn(const QString &text)
{
    const QUrl url(text.contains("://"_L1) ? text : "wss://"_L1 + text, QUrl::StrictMode);
    const QStringList schemes{u"ws"_s, u"wss"_s, u"http"_s, u"https"_s};
    return url.isValid() && !url.host().isEmpty() && schemes.contains(url.scheme()) ? url : QUrl();
}

bool isModelName(const QString &text)
{
    return !text.isEmpty()
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c > u' ' && c <= u'~'; });
}

} // namespace

DoctorCommandLine parseDoctorCommandLine(const QStringList &arguments)
{
    DoctorCommandLine result;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString name = arguments[i].section(u'=', 0, 0);
        if (name == "--json"_L1 && name == arguments[i]) {
            result.json = true;
        } else if (name == "--key-stdin"_L1 && name == arguments[i]) {
            result.keyOnStdin = true;
        } else if (name == "--model"_L1 || name == "--address"_L1 || name == "--bundle"_L1) {
            const bool joined = arguments[i].contains(u'=');
            const QString value = joined ? arguments[i].section(u'=', 1) : arguments.value(i + 1);
            if (!joined)
                ++i;
            if (value.isEmpty())
                result.problem = u"%1 needs a value behind it."_s.arg(name);
            else if (name == "--bundle"_L1)
                result.bundle = value;
            else if (name == "--model"_L1 && isModelName(value))
                result.model = value.toUtf8();
            else if (name == "--model"_L1)
                result.problem = u"--model takes the name of a model, such as gpt-realtime."_s;
            else if (result.address = addressIn(value); result.address.isEmpty())
                result.problem = u"--address takes a host or a URL, such as wss://relay.example.org."_s;
        } else {
            result.rest.append(arguments[i]);
        }
    }
    return result;
}

QString doctorUsageText()
{
    return u"realtime-relayd doctor [--json] [--key-stdin] [--model NAME] [--address URL] [--bundle FILE] [options above]\n"
           "Examines all that a call needs, beside a relay that runs with these settings or alone, and says of each\n"
           "thing that it is good, or what is wrong and what to do.\n"
           "\n"
           "  --json                As one JSON object.\n"
           "  --key-stdin           Read an API key from standard input (asked for on a terminal), used for once: it is\n"
           "                        tried with the upstream, and a whole call is made. It is kept nowhere.\n"
           "  --model NAME          The model that is asked for with the key. Default: gpt-realtime\n"
           "  --address URL         What others are told to connect to: it is looked at, and the certificate with it.\n"
           "  --bundle FILE         Write what was found, the settings and the last lines of the log into a file for a\n"
           "                        colleague: without keys and passwords, readable by its owner only.\n"
           "\n"
           "Exit codes: 0 nothing is wrong, 1 something is, 2 the command line or the bundle's file.\n"
           "\n"_s;
}

} // namespace rr
