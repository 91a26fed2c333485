// SPDX-License-Identifier: MIT
#include "ui/settings/applicationform.h"

#include "ui/control/relayaddress.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

namespace rr {

ApplicationForm::ApplicationForm(const QStringList &languages, QWidget *parent)
    : QWidget(parent)
    , m_language(new QComboBox(this))
    , m_publicAddress(new QLineEdit(this))
    , m_problem(new QLabel(this))
    , m_login(new QCheckBox(tr("Start at &login, hidden in the tray"), this))
    , m_startRelay(new QCheckBox(tr("&Start the relay when this program starts"), this))
    , m_notifications(new QCheckBox(tr("Show &notifications of what matters"), this))
    , m_keepAwake(new QCheckBox(tr("&Keep this machine awake while calls are live"), this))
    , m_monochrome(new QCheckBox(tr("Tray icon in one &colour, without a tile"), this))
{
    m_language->addItem(tr("As the system's"), QString());
    QStringList codes = languages;
    if (!codes.contains(QStringLiteral("en")))
        codes.prepend(QStringLiteral("en"));
    for (const QString &code : std::as_const(codes)) {
        QString name = QLocale(code).nativeLanguageName();
        name = QLocale(code).toUpper(name.left(1)) + name.mid(1);
        m_language->addItem(code == QLatin1String("en") ? QStringLiteral("English") : name, code);
    }
    m_language->setFocusPolicy(Qt::StrongFocus);

    QFont bold = font();
    bold.setBold(true);
    const auto makeTitle = [&](const QString &text, QWidget *buddy) {
        auto *title = new QLabel(text, this);
        title->setFont(bold);
        title->setWordWrap(true);
        title->setBuddy(buddy);
        return title;
    };
    const auto makeHelp = [&](const QString &text, QWidget *of) {
        auto *help = new QLabel(text, this);
        help->setWordWrap(true);
        of->setAccessibleDescription(text);
        return help;
    };
    m_language->setAccessibleName(tr("Language"));
    m_publicAddress->setAccessibleName(tr("Public address"));
    m_publicAddress->setPlaceholderText(QStringLiteral("relay.example.org:8080"));
    m_problem->setFont(bold);
    m_problem->setWordWrap(true);
    m_problem->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeTitle(tr("Langua&ge"), m_language));
    auto *languageRow = new QHBoxLayout;
    languageRow->addWidget(m_language);
    languageRow->addStretch();
    layout->addLayout(languageRow);
    layout->addWidget(makeHelp(tr("Takes effect with Apply; the window is built anew."), m_language));
    layout->addSpacing(fontMetrics().height());
    layout->addWidget(makeTitle(tr("&Public address"), m_publicAddress));
    layout->addWidget(m_publicAddress);
    layout->addWidget(m_problem);
    layout->addWidget(
        makeHelp(tr("By which people elsewhere reach this relay, if there is one: a name that leads "
                    "here, or a tunnel. Only shown and copied; empty for none."),
            m_publicAddress));
    layout->addSpacing(fontMetrics().height());
    const auto boxes = {m_login, m_startRelay, m_notifications, m_keepAwake, m_monochrome};
    for (QCheckBox *box : boxes)
        layout->addWidget(box);
    layout->addStretch();

    connect(m_language, &QComboBox::currentIndexChanged, this, &ApplicationForm::formEdited);
    connect(m_publicAddress, &QLineEdit::textChanged, this, &ApplicationForm::formEdited);
    for (QCheckBox *box : boxes)
        connect(box, &QCheckBox::toggled, this, &ApplicationForm::formEdited);
    revert();
}

void ApplicationForm::setInForce(const ApplicationSettings &application, bool startsAtLogin)
{
    const bool keep = isChanged();
    m_inForce = application;
    m_startsAtLogin = startsAtLogin;
    if (!keep)
        revert();
}

void ApplicationForm::revert()
{
    show(m_inForce, m_startsAtLogin);
}

void ApplicationForm::reset()
{
    setTo({});
}

void ApplicationForm::setTo(const ApplicationSettings &application)
{
    show(application, m_startsAtLogin);
}

void ApplicationForm::show(const ApplicationSettings &application, bool startsAtLogin)
{
    m_language->setCurrentIndex(qMax(0, m_language->findData(application.language)));
    m_publicAddress->setText(application.publicAddress);
    m_login->setChecked(startsAtLogin);
    m_startRelay->setChecked(application.startRelayOnLaunch);
    m_notifications->setChecked(application.notifications);
    m_keepAwake->setChecked(application.keepAwake);
    m_monochrome->setChecked(application.monochromeIcon);
}

ApplicationSettings ApplicationForm::application() const
{
    ApplicationSettings application = m_inForce;
    application.language = m_language->currentData().toString();
    application.publicAddress = m_publicAddress->text().trimmed();
    application.startRelayOnLaunch = m_startRelay->isChecked();
    application.notifications = m_notifications->isChecked();
    application.keepAwake = m_keepAwake->isChecked();
    application.monochromeIcon = m_monochrome->isChecked();
    return application;
}

bool ApplicationForm::startsAtLogin() const
{
    return m_login->isChecked();
}

bool ApplicationForm::isChanged() const
{
    return application() != m_inForce || startsAtLogin() != m_startsAtLogin;
}

std::optional<QString> ApplicationForm::problem() const
{
    return publicAddressProblem(m_publicAddress->text().trimmed());
}

void ApplicationForm::formEdited()
{
    const auto problem = this->problem();
    m_problem->setText(problem.value_or(QString()));
    m_problem->setVisible(problem.has_value());
    Q_EMIT edited();
}

} // namespace rr
