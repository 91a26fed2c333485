// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/config/secret.h"
#include "core/sharing/linkforms.h"

#include <QDialog>
#include <QString>

namespace rr {

class RelayControl;

/// What goes with a new access token to whoever is to have it. A plain value.
struct Handout
{
    QString token;
    bool hasAddress = false; ///< the relay can be reached, and these say where
    TokenForms forms;
    QString shareLink; ///< of a person, where the relay is shared; else empty
};

/// As the relay can be reached now.
Handout handoutOf(const RelayControl &control, const AccessTerms &terms, const Secret &token);

/// Shows a token, this once, with all that is to be sent along, each with a button that copies it. Main thread.
class TokenHandout : public QDialog
{
    Q_OBJECT
public:
    TokenHandout(const AccessTerms &terms, const Handout &handout, QWidget *parent = nullptr);
};

} // namespace rr
