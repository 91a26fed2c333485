# SPDX-License-Identifier: MIT
# Reads a program's --help and prints its man page (-v form=man), or its completion for bash or zsh. Also needs
# -v program=NAME -v version=VERSION -v date=DATE -v title=TEXT.
#
# --help says: "Usage: …", paragraphs, options as "  --name VALUE   text" or as "  --name VALUE" with the text on lines
# of six blanks below, and groups of them as "Name:".

function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    if (text ~ /^[.']/)
        text = "\\\&" text
    return text
}

function quoted(text) { # for zsh: within single quotes and within [ ]
    gsub(/'/, "'\\''", text)
    gsub(/\[|\]|:/, "\\\\&", text)
    return text
}

function flush() {
    if (name == "")
        return
    ++count
    names[count] = name
    values[count] = value
    sub(/ +$/, "", text)
    sub(/^ +/, "", text)
    texts[count] = text
    kinds[count] = "option"
    name = value = text = ""
}

function add(kind, what) {
    flush()
    kinds[++count] = kind
    texts[count] = what
}

function option(line, words, i) {
    flush()
    sub(/^ +/, "", line)
    if (match(line, /  +/)) {
        text = substr(line, RSTART + RLENGTH)
        line = substr(line, 1, RSTART - 1)
    }
    # "--help, --version" are two.
    words = split(line, parts, /, /)
    for (i = 1; i < words; ++i) {
        name = parts[i]
        flush()
    }
    name = parts[words]
    if (match(name, /[ [=]/)) {
        value = substr(name, RSTART)
        name = substr(name, 1, RSTART - 1)
    }
}

/^Usage: / { usage = substr($0, 8); next }
/^  --/ { option($0); next }
/^   +[^ ]/ { line = $0; sub(/^ +/, "", line); text = text " " line; next }
/^[A-Z][a-z]+:$/ { add("group", substr($0, 1, length($0) - 1)); next }
/^$/ { add("break", ""); next }
{ add("words", $0) }

END {
    flush()
    if (form == "man")
        man()
    else if (form == "bash")
        bash()
    else
        zsh()
}

function man(i, began) {
    printf ".\\\" SPDX-License-Identifier: MIT\n"
    printf ".TH %s 1 \"%s\" \"%s %s\"\n", toupper(roff(program)), date, program, version
    printf ".SH NAME\n%s \\- %s\n", roff(program), roff(title)
    printf ".SH SYNOPSIS\n.B %s\n%s\n", roff(program), roff(substr(usage, length(program) + 2))
    print ".SH DESCRIPTION"
    for (i = 1; i <= count; ++i) {
        if (kinds[i] == "words") {
            print roff(texts[i])
        } else if (kinds[i] == "break") {
            if (kinds[i + 1] == "words")
                print ".PP"
        } else if (kinds[i] == "group") {
            if (!began++)
                print ".SH SETTINGS"
            printf ".SS %s\n", roff(texts[i])
        } else {
            text = roff(texts[i] == "" ? about(names[i]) : texts[i])
            sub(/ Allowed: /, "\n.br\nAllowed: ", text)
            sub(/ Default: /, "\n.br\nDefault: ", text)
            printf ".TP\n.B %s\n%s\n", roff(names[i]) (values[i] == "" ? "" : "\\fR" roff(values[i])), text
        }
    }
    print ".SH SEE ALSO"
    print "The README and the pages about deployment at the project's home page."
}

function about(name) {
    return name == "--help" ? "Show the help." : name == "--version" ? "Show the version." : ""
}

function choices(value, text) {
    if (value !~ /NAME|^\[=/ || !match(text, /Allowed: [a-z0-9, ]+( or |; )[a-z0-9, ]+( or [a-z]+)?\. Default/))
        return ""
    text = substr(text, RSTART + 9, RLENGTH - 18)
    gsub(/,|;| or /, " ", text)
    gsub(/ +/, " ", text)
    return text
}

function bash(i, all, files, of) {
    for (i = 1; i <= count; ++i) {
        if (kinds[i] != "option")
            continue
        all = all " " names[i]
        if (values[i] ~ /FILE/)
            files = files (files == "" ? "" : "|") names[i]
    }
    print "# SPDX-License-Identifier: MIT"
    printf "_%s() {\n", identifier()
    print "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}"
    print "    case $previous in"
    printf "    %s)\n        compopt -o filenames\n        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n        return ;;\n", files
    for (i = 1; i <= count; ++i) {
        of = kinds[i] == "option" && values[i] ~ /^ / ? choices(values[i], texts[i]) : ""
        if (of != "")
            printf "    %s)\n        mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$current\")\n        return ;;\n", names[i], of
    }
    print "    esac"
    printf "    mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$current\")\n", substr(all, 2)
    printf "}\ncomplete -F _%s %s\n", identifier(), program
}

function identifier(name) {
    name = program
    gsub(/-/, "_", name)
    return name
}

function zsh(i, about1, action, of) {
    printf "#compdef %s\n# SPDX-License-Identifier: MIT\n_arguments", program
    for (i = 1; i <= count; ++i) {
        if (kinds[i] != "option")
            continue
        about1 = texts[i]
        sub(/ Allowed: .*/, "", about1)
        sub(/\. .*|[.:;]$/, "", about1)
        of = choices(values[i], texts[i])
        action = values[i] == "" ? "" : values[i] ~ /FILE/ ? ":file:_files" : of != "" ? ":value:(" of ")" \
            : ":" tolower(substr(values[i], 2, length(values[i]) - (values[i] ~ /^\[/))) ": "
        if (values[i] ~ /^\[/)
            action = ":" action # optional
        printf " \\\n    '%s%s[%s]%s'", names[i], values[i] ~ /^ / ? "=" : values[i] ~ /^\[/ ? "=-" : "",
            quoted(about1 == "" ? about(names[i]) : about1), action
    }
    print ""
}
