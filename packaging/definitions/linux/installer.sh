#!/bin/sh
# Kling Desktop @VERSION@ in one file. Installs for one user, without root; what was downloaded is below the last line.
set -eu
name=kling-desktop
data=${XDG_DATA_HOME:-$HOME/.local/share}
home=$HOME/.local/lib/$name
bin=$HOME/.local/bin

usage() {
    echo "Usage: sh $(basename "$0") [--uninstall | --extract DIR | --help]"
    echo "Without an option the program is installed below $HOME/.local. Takes and settings are never touched."
}

payload() {
    tail -n +@LINES@ "$0" | gzip -dc
}

not_while_it_runs() {
    # It loads parts of itself as they are wanted: exchanged or gone meanwhile, they would be missed in mid-work.
    for running in /proc/[0-9]*/exe; do
        if [ "$running" -ef "$home/$name" ]; then
            echo "Kling Desktop is running. Close it, then do this again; what Kling is making goes on." >&2
            exit 1
        fi
    done
}

refresh() {
    # Only a cache that is there already is brought up to date: one that we made would be a trace of ours.
    if [ -f "$data/icons/hicolor/icon-theme.cache" ] && command -v gtk-update-icon-cache >/dev/null 2>&1; then
        gtk-update-icon-cache -q -t "$data/icons/hicolor" >/dev/null 2>&1 || true
    fi
}

uninstall() {
    [ -f "$home/installed-files" ] || { echo "$name is not installed for this user." >&2; exit 1; }
    not_while_it_runs
    while IFS= read -r file; do rm -f "$file"; done <"$home/installed-files"
    rm -f "$bin/$name"
    rm -rf "$home"
    # Folders of ours that are empty now; those of others are not empty, and rmdir leaves them.
    for size in 16 22 24 32 48 64 128 256 512; do
        rmdir "$data/icons/hicolor/${size}x$size/apps" "$data/icons/hicolor/${size}x$size" 2>/dev/null || true
    done
    for folder in icons/hicolor/scalable/apps icons/hicolor/scalable icons/hicolor icons applications metainfo \
        man/man1 man doc/$name doc; do
        rmdir "$data/$folder" 2>/dev/null || true
    done
    rmdir "$HOME/.local/lib" "$bin" "$data" "$HOME/.local" 2>/dev/null || true
    refresh
    echo "Removed. Your takes and settings are where they were."
}

install() {
    not_while_it_runs
    mkdir -p "$HOME/.local/lib" "$bin"
    fresh=$(mktemp -d "$HOME/.local/lib/.$name.XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    trap 'exit 130' INT TERM
    payload | tar -xf - -C "$fresh" || {
        echo "It could not be unpacked: this file is damaged or cut off, or the disk is full. Nothing was changed." >&2
        exit 1
    }
    "$fresh/usr/lib/$name/$name" --version >/dev/null || { echo "The program does not start here." >&2; exit 1; }
    : >"$fresh/installed-files"
    (cd "$fresh/usr/share" && find . -type f) | while IFS= read -r file; do
        file=${file#./}
        mkdir -p "$data/$(dirname "$file")"
        cp "$fresh/usr/share/$file" "$data/$file.new" || { rm -f "$data/$file.new"; exit 1; }
        mv "$data/$file.new" "$data/$file"
        echo "$data/$file" >>"$fresh/installed-files"
    done
    # A launcher does not read PATH as a shell does: the entry in the menu names the whole path.
    {
        grep -v '^Exec=' "$fresh/usr/share/applications/$name.desktop"
        printf 'Exec="%s" %%F\n' "$bin/$name"
    } >"$data/applications/$name.desktop"
    # What an earlier version had put there and this one no longer has.
    if [ -f "$home/installed-files" ]; then
        grep -vxFf "$fresh/installed-files" "$home/installed-files" | while IFS= read -r file; do rm -f "$file"; done
    fi
    mv "$fresh/installed-files" "$fresh/usr/lib/$name/installed-files"
    sed "/^# Kling Desktop/,\$!d; /^exit # payload/q" "$0" | sed '1i #!/bin/sh' >"$fresh/usr/lib/$name/uninstall"
    if [ -d "$home" ]; then mv "$home" "$fresh/former"; fi
    mv "$fresh/usr/lib/$name" "$home"
    ln -sf "../lib/$name/$name" "$bin/$name"
    refresh
    echo "Installed. Start it from the menu of your desktop, or as \"$bin/$name\"."
    echo "To remove it: sh \"$home/uninstall\" --uninstall"
}

case ${1:-} in
    "") install ;;
    --uninstall) uninstall ;;
    --extract) mkdir -p "$2" && payload | tar -xf - -C "$2" ;;
    --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
exit # payload follows
