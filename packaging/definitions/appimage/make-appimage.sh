# Not run yet: makes an AppDir from what `dev.py package` has frozen, and an AppImage of it. Needs appimagetool, whose
# runtime is in no registry of packages and is fetched by the tool. bash packaging/definitions/appimage/make-appimage.sh
set -euo pipefail
frozen=build/package/bundle/kling-desktop
folder=build/package/AppDir
version=$("$frozen/kling-desktop" --version | cut -d' ' -f2)
rm -rf "$folder"
mkdir -p "$folder/usr/lib" "$folder/usr/share/metainfo"
cp -a "$frozen" "$folder/usr/lib/"
cp packaging/definitions/linux/kling-desktop.desktop "$folder/"
cp packaging/definitions/linux/local.kling_desktop.KlingDesktop.metainfo.xml "$folder/usr/share/metainfo/"
cp resources/icons/kling-desktop.svg "$folder/"
install -m 755 packaging/definitions/appimage/AppRun "$folder/AppRun"
mkdir -p build/dist
ARCH=$(uname -m) appimagetool --comp zstd "$folder" "build/dist/kling-desktop-$version-$(uname -m).AppImage"
