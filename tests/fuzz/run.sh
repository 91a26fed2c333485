#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every fuzz target that is built in a folder: run.sh BUILD_FOLDER SECONDS CORES, so long each, so many at a time. What is
# found on the way stays in BUILD_FOLDER/corpus and is where the next run begins; what fails stays in BUILD_FOLDER/crashes.
set -euo pipefail
build=$1 seconds=$2 cores=$3
seeds=$(dirname "$0")

"$seeds/seeds.sh" "$build/seeds"
mkdir -p "$build/crashes"
# Runs fuzz_NAME and says in one line what came of it; its code is that of the program.
run() {
    local name=$1 corpus=("$build/corpus/$1") folder options log=$build/$1.log code=0
    mkdir -p "${corpus[0]}"
    for folder in "$seeds/$name" "$build/seeds/$name"; do
        [ ! -d "$folder" ] || corpus+=("$folder")
    done
    options=(-max_total_time="$seconds" -timeout=60 -print_final_stats=1 -verbosity=0
        -artifact_prefix="$build/crashes/$name-")
    [ ! -e "$seeds/$name.dict" ] || options+=(-dict="$seeds/$name.dict")
    case $name in # as long as what they read may be
    requesthead) options+=(-max_len=20000) ;;
    responsehead) options+=(-max_len=70000) ;;
    frames) options+=(-max_len=600) ;; # each is read four times, byte by byte among them
    *) options+=(-max_len=4096) ;;
    esac
    "$build/bin/fuzz_$name" "${options[@]}" "${corpus[@]}" >"$log" 2>&1 || code=$?
    if [ $code = 0 ]; then
        printf '%-16s %10s inputs, %s kept\n' "$name" "$(inputs "$name")" "$(find "${corpus[@]}" -type f | wc -l)"
    else
        # Where it failed, without the bytes themselves.
        printf '%-16s FAILED; all it says is in %s\n%s\n' "$name" "$log" "$(grep -m 8 -E \
            '^(==[0-9]+==ERROR|SUMMARY|.*runtime error| +#[0-9]+ .*(rr::|fuzz_))' "$log" | sed 's/^/    /' || true)"
    fi
    return $code
}
inputs() { sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log"; }

names=()
running=()
for program in "$build"/bin/fuzz_*; do
    names+=("${program##*/fuzz_}")
done
failed=()
total=0
for i in "${!names[@]}"; do
    # As many at a time as there are cores: this one begins when the one so many before it has ended.
    [ "$i" -lt "$cores" ] || wait "${running[i - cores]}" || true
    run "${names[i]}" &
    running+=($!)
done
for i in "${!names[@]}"; do
    if wait "${running[i]}"; then
        total=$((total + $(inputs "${names[i]}")))
    else
        failed+=("${names[i]}")
    fi
done
printf '%s inputs in all, %s seconds a target\n' "$total" "$seconds"
[ ${#failed[@]} = 0 ] && exit
printf '\nInputs that fail are in %s. One again:\n' "$build/crashes"
for name in "${failed[@]}"; do
    printf '  %s/bin/fuzz_%s %s\n' "$build" "$name" "$(find "$build/crashes" -name "$name-*" -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2)"
done
exit 1
