// SPDX-License-Identifier: MIT
#include "app/daemon/hiddeninput.h"

#include <QByteArray>

#include <cstdio>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <array>
#include <cstddef>

#include <signal.h>
#include <termios.h>
#include <unistd.h>
#endif

namespace rr {

namespace {

#ifdef Q_OS_WIN

/// Does not show what is typed, where there is a console. Ctrl+C needs no care: shells set their console's mode anew.
class HiddenTyping
{
public:
    HiddenTyping()
        : m_console(GetStdHandle(STD_INPUT_HANDLE))
        , m_isTerminal(GetConsoleMode(m_console, &m_before) != 0)
    {
        if (m_isTerminal)
            SetConsoleMode(m_console, m_before & ~DWORD(ENABLE_ECHO_INPUT));
    }
    ~HiddenTyping()
    {
        if (m_isTerminal)
            SetConsoleMode(m_console, m_before);
    }
    Q_DISABLE_COPY_MOVE(HiddenTyping)

    bool isTerminal() const { return m_isTerminal; }

private:
    HANDLE m_console;
    DWORD m_before = 0;
    bool m_isTerminal;
};

#else

constexpr std::array endings{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// A signal handler gets no context but what is static.
termios shownTyping{};

/// Nothing in it but what may be called in a signal handler (POSIX.1-2017, XSH 2.4.3).
void showAndEnd(int signal)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &shownTyping);
    ::signal(signal, SIG_DFL);
    ::raise(signal); // comes when this has returned
}

/// Does not show what is typed, where there is a terminal. Meanwhile signals end the program as they end any other.
class HiddenTyping
{
public:
    HiddenTyping()
        : m_isTerminal(tcgetattr(STDIN_FILENO, &shownTyping) == 0)
    {
        if (!m_isTerminal)
            return;
        struct sigaction action
        {
        };
        action.sa_handler = showAndEnd;
        sigemptyset(&action.sa_mask);
        for (std::size_t i = 0; i < endings.size(); ++i)
            sigaction(endings[i], &action, &m_before[i]);
        termios hidden = shownTyping;
        hidden.c_lflag &= ~tcflag_t(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~HiddenTyping()
    {
        if (!m_isTerminal)
            return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shownTyping);
        for (std::size_t i = 0; i < endings.size(); ++i)
            sigaction(endings[i], &m_before[i], nullptr);
    }
    Q_DISABLE_COPY_MOVE(HiddenTyping)

    bool isTerminal() const { return m_isTerminal; }

private:
    std::array<struct sigaction, endings.size()> m_before{};
    bool m_isTerminal;
};

#endif

void print(const QString &text)
{
    std::fputs(text.toUtf8().constData(), stderr);
    std::fflush(stderr);
}

} // namespace

Secret readHidden(const QString &prompt)
{
    constexpr std::size_t longest = 8 * 1024;
    const HiddenTyping hidden;
    if (hidden.isTerminal())
        print(prompt);
    QByteArray line;
    for (int c = std::fgetc(stdin); c != EOF && c != '\n' && line.size() < qsizetype(longest);
         c = std::fgetc(stdin))
        line.append(char(c));
    if (hidden.isTerminal())
        print(QStringLiteral("\n"));
    return Secret(line.trimmed());
}

} // namespace rr
