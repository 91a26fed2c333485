// SPDX-License-Identifier: MIT
#include "core/sharing/linkforms.h"

#include <QtGlobal>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// `base`: ws:// or wss://, ends in /v1. `page`: what a page opens, with `access` among its subprotocols.
LinkForms formsOf(const QString &address, const QString &base, const QString &page, const QString &access)
{
    LinkForms forms;
    forms.address = address;
    forms.env = "VITE_OPENAI_RELAY_URL="_L1 + address;
    forms.page = page;
    forms.access = access;
    forms.javaScript = u"new WebSocket(\"%1?model=gpt-realtime\", [\n"
                       "    \"realtime\",\n"
                       "%2"
                       "    \"openai-insecure-api-key.\" + token, // a short-lived one, never a key\n"
                       "]);"_s.arg(page, access.isEmpty() ? access : u"    \"%1\",\n"_s.arg(access));
    forms.python = u"client = AsyncOpenAI(websocket_base_url=\"%1\")\n"
                   "async with client.realtime.connect(model=\"gpt-realtime\") as connection:\n"
                   "    ..."_s.arg(base);
    forms.wscat
        = u"wscat -c \"%1?model=gpt-realtime\" -H \"Authorization: Bearer $OPENAI_API_KEY\""_s.arg(address);
    forms.curl = u"curl http%1/realtime/client_secrets -H \"Authorization: Bearer $OPENAI_API_KEY\" "
                 "-H \"Content-Type: application/json\" "
                 "-d '{\"session\":{\"type\":\"realtime\",\"model\":\"gpt-realtime\"}}'"_s.arg(base.mid(2));
    return forms;
}

} // namespace

LinkForms linkForms(const QUrl &address, const QByteArray &secret)
{
    const QString host = address.authority(QUrl::FullyEncoded);
    const QString key = QString::fromLatin1(secret);
    const QString base = "wss://"_L1 + host + "/s/"_L1 + key + "/v1"_L1;
    LinkForms forms = formsOf(base + "/realtime"_L1, base, "wss://"_L1 + host + "/v1/realtime"_L1,
        "realtime-relay-access."_L1 + key);
    forms.tryLink = "https://"_L1 + host + "/try#k="_L1 + key;
    forms.note = Sentence(
        QT_TRANSLATE_NOOP("Core",
            "My relay to OpenAI's Realtime API is open for you.\n"
            "\n"
            "Try it in a browser: %1\n"
            "For the .env file of a frontend: %2\n"
            "\n"
            "Both hold the secret of this share: hand them on to nobody. Use short-lived tokens only, for what "
            "passes may be read on its way. It works as long as I share it."),
        {forms.tryLink, forms.env});
    return forms;
}

LinkForms openForms(const QUrl &relay)
{
    const QString address = relay.toString(QUrl::FullyEncoded);
    QString base = address;
    for (const QLatin1String end : {"/realtime"_L1, "/v1"_L1}) {
        if (base.endsWith(end))
            base.chop(end.size());
    }
    return formsOf(address, base + "/v1"_L1, address, {});
}

TokenForms tokenForms(const LinkForms &forms, const QString &token, const QStringList &models)
{
    QStringList protocols{u"realtime"_s, "openai-insecure-api-key."_L1 + token};
    if (!forms.access.isEmpty())
        protocols.insert(1, forms.access);
    const QString list = "[\""_L1 + protocols.join("\", \""_L1) + "\"]"_L1;
    const QString model = QString::fromLatin1(QUrl::toPercentEncoding(models.value(0, u"gpt-realtime"_s)));

    TokenForms made;
    if (!forms.env.isEmpty())
        made.env = forms.env + u'\n';
    made.env += "VITE_OPENAI_API_KEY="_L1 + token;
    made.javaScript = forms.page.isEmpty()
        ? list
        : "new WebSocket(\""_L1 + forms.page + "?model="_L1 + model + "\", "_L1 + list + ");"_L1;
    made.header = "Authorization: Bearer "_L1 + token;
    return made;
}

} // namespace rr
