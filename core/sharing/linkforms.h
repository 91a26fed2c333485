// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace rr {

/// An address in the forms that people paste. All but `note` are the same in every language; those of a share all hold its
/// secret, so none belongs in a log, a title or a file of the program's.
struct LinkForms
{
    QString address; ///< of a share wss://HOST/s/SECRET/v1/realtime: for whatever opens a WebSocket
    QString env; ///< a line of a .env file; right for frontends that add /realtime themselves, too
    QString javaScript; ///< a browser's; a secret is in a subprotocol, which no log has
    QString python; ///< of the official package
    QString wscat; ///< one line of a shell, with the key in $OPENAI_API_KEY; so is curl's
    QString curl; ///< makes a client secret, with which a page may open a call
    QString page; ///< what a browser's opens; the secret is not in it, but in `access`
    QString access; ///< of a share: what goes along among the subprotocols
    QString tryLink; ///< https://HOST/try#k=SECRET: what a person opens
    Sentence note; ///< for the colleague, several lines, with tryLink and env in it
};

/// `address`: https://HOST, with a port where it is not 443; of its path nothing counts.
LinkForms linkForms(const QUrl &address, const QByteArray &secret);

/// The forms for programs of an address that needs no secret, for the relay is not shared there. `relay`: as it is offered,
/// ws://HOST:PORT/realtime or wss://. Without tryLink and note.
LinkForms openForms(const QUrl &relay);

/// What is handed out with an access token, ready to be pasted. It holds the token, so it belongs where that does alone.
struct TokenForms
{
    QString env; ///< lines of a .env file; where no address is known the token's alone
    QString javaScript; ///< a line of a page; where no address is known the subprotocols alone
    QString header; ///< a line of a request
};

/// `forms`: of the relay's address; empty ones: it is not known. `models`: that the token is good for; empty: any.
TokenForms tokenForms(const LinkForms &forms, const QString &token, const QStringList &models);

} // namespace rr
