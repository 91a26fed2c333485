// SPDX-License-Identifier: MIT
#include "ui/settings/editorforkind.h"

#include "ui/settings/listeditor.h"
#include "ui/settings/settingwords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QWheelEvent>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QHBoxLayout *rowIn(QWidget *widget)
{
    auto *layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    return layout;
}

/// Does not change when somebody scrolls the page over it.
class ComboBox : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
};

/// Address, Number, Url, File and Secret. A password is not shown; as long as its place is kept, so is it.
class LineEditor : public SettingEditor
{
public:
    LineEditor(const SettingSpec &spec, QWidget *parent)
        : SettingEditor(spec, parent)
        , m_line(new QLineEdit(this))
    {
        QHBoxLayout *row = rowIn(this);
        row->addWidget(m_line, 1);
        setFocusProxy(m_line);
        m_line->setAccessibleName(settingTitle(spec));
        m_line->setPlaceholderText(settingExample(spec));
        if (spec.kind == SettingKind::Number) {
            m_line->setMaximumWidth(m_line->fontMetrics().averageCharWidth() * 16);
            row->addStretch();
        }
        if (spec.kind == SettingKind::Secret)
            m_line->setEchoMode(QLineEdit::PasswordEchoOnEdit);
        if (spec.kind == SettingKind::File) {
            auto *browse = new QPushButton(SettingEditor::tr("Browse…"), this);
            browse->setAccessibleName(SettingEditor::tr("Browse for: %1").arg(settingTitle(spec)));
            browse->setAutoDefault(false);
            row->addWidget(browse);
            connect(browse, &QPushButton::clicked, this, &LineEditor::chooseFile);
        }
        connect(m_line, &QLineEdit::textChanged, this, &SettingEditor::edited);
    }

    QString text() const override
    {
        QString text = m_line->text().trimmed();
        return spec().secret ? text.replace(hidden, u"//"_s + credentials(m_given) + u'@') : text;
    }

    void setText(const QString &text) override
    {
        m_given = text;
        const QString known = spec().secret ? credentials(text) : QString();
        m_line->setText(
            known.isEmpty() ? text : QString(text).replace(u"//"_s + known + u'@', QString(hidden)));
    }

private:
    static constexpr QLatin1String hidden = "//***@"_L1;

    static QString credentials(const QString &url)
    {
        const qsizetype from = url.indexOf("//"_L1) + 2;
        const qsizetype at = url.lastIndexOf(u'@');
        return from >= 2 && at > from ? url.mid(from, at - from) : QString();
    }

    void chooseFile()
    {
        auto *dialog = new QFileDialog(this, settingTitle(spec()), QFileInfo(m_line->text()).absolutePath());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        if (spec().kind == SettingKind::File)
            dialog->setNameFilters({SettingEditor::tr("PEM files (*.pem *.crt *.cer *.key)"),
                SettingEditor::tr("All files (*)")});
        connect(dialog, &QFileDialog::fileSelected, m_line, &QLineEdit::setText);
        dialog->open();
    }

    QLineEdit *m_line;
    QString m_given;
};

/// Duration and Bytes: a number and its unit.
class UnitEditor : public SettingEditor
{
public:
    UnitEditor(const SettingSpec &spec, QWidget *parent)
        : SettingEditor(spec, parent)
        , m_line(new QLineEdit(this))
        , m_unit(new ComboBox(this))
    {
        for (const SettingUnit &unit : unitsOf(spec.kind))
            m_unit->addItem(unitName(unit));
        m_line->setAccessibleName(settingTitle(spec));
        m_line->setMaximumWidth(m_line->fontMetrics().averageCharWidth() * 16);
        m_unit->setAccessibleName(SettingEditor::tr("Unit of: %1").arg(settingTitle(spec)));
        QHBoxLayout *row = rowIn(this);
        row->addWidget(m_line, 1);
        row->addWidget(m_unit);
        row->addStretch();
        setFocusProxy(m_line);
        connect(m_line, &QLineEdit::textChanged, this, &SettingEditor::edited);
        connect(m_unit, &QComboBox::currentIndexChanged, this, &SettingEditor::edited);
    }

    QString text() const override
    {
        const auto value = valueInUnit(m_line->text(), unitsOf(spec().kind)[size_t(m_unit->currentIndex())]);
        return value ? QString::number(*value) : m_line->text().trimmed() + u"?"_s;
    }

    void setText(const QString &text) override
    {
        if (text == this->text())
            return; // keeps the unit that was chosen
        const qint64 value = text.toLongLong();
        const int unit = bestUnit(spec().kind, value);
        m_unit->setCurrentIndex(unit);
        m_line->setText(QString::number(value / unitsOf(spec().kind)[size_t(unit)].factor));
    }

private:
    QLineEdit *m_line;
    QComboBox *m_unit;
};

class SwitchEditor : public SettingEditor
{
public:
    SwitchEditor(const SettingSpec &spec, QWidget *parent)
        : SettingEditor(spec, parent)
        , m_box(new QCheckBox(SettingEditor::tr("On"), this))
    {
        rowIn(this)->addWidget(m_box);
        setFocusProxy(m_box);
        m_box->setAccessibleName(settingTitle(spec));
        connect(m_box, &QCheckBox::toggled, this, &SettingEditor::edited);
    }

    QString text() const override { return m_box->isChecked() ? u"true"_s : u"false"_s; }
    void setText(const QString &text) override { m_box->setChecked(text == "true"_L1); }

private:
    QCheckBox *m_box;
};

class ChoiceEditor : public SettingEditor
{
public:
    ChoiceEditor(const SettingSpec &spec, QWidget *parent)
        : SettingEditor(spec, parent)
        , m_box(new ComboBox(this))
    {
        for (const QLatin1String choice : spec.choices)
            m_box->addItem(choiceName(choice), QString(choice));
        QHBoxLayout *row = rowIn(this);
        row->addWidget(m_box);
        row->addStretch();
        setFocusProxy(m_box);
        m_box->setAccessibleName(settingTitle(spec));
        connect(m_box, &QComboBox::currentIndexChanged, this, &SettingEditor::edited);
    }

    QString text() const override { return m_box->currentData().toString(); }
    void setText(const QString &text) override { m_box->setCurrentIndex(m_box->findData(text)); }

private:
    QComboBox *m_box;
};

} // namespace

SettingEditor *makeSettingEditor(const SettingSpec &spec, QWidget *parent)
{
    switch (spec.kind) {
    case SettingKind::Duration:
    case SettingKind::Bytes:
        return new UnitEditor(spec, parent);
    case SettingKind::Switch:
        return new SwitchEditor(spec, parent);
    case SettingKind::Choice:
        return new ChoiceEditor(spec, parent);
    case SettingKind::List:
        return new ListEditor(spec, parent);
    case SettingKind::Address:
    case SettingKind::Number:
    case SettingKind::Url:
    case SettingKind::File:
    case SettingKind::Decimal:
    case SettingKind::Secret:
        break;
    }
    return new LineEditor(spec, parent);
}

} // namespace rr
