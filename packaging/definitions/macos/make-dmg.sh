# Not run yet: signs, packs and notarises "Kling Desktop.app". Needs a Mac, a Developer ID in SIGNING_IDENTITY and a
# profile of notarytool in NOTARY_PROFILE. Started by bash from the checkout: bash packaging/definitions/macos/make-dmg.sh
set -euo pipefail
app="build/package/bundle/Kling Desktop.app"
version=$(python3 -c 'import re,pathlib; print(re.search(r"\"(.+)\"", pathlib.Path("kling_desktop/__init__.py").read_text())[1])')
image="build/dist/kling-desktop-$version-$(uname -m).dmg"

if [ -n "${SIGNING_IDENTITY:-}" ]; then
    # From the inside out: a library that is signed after its bundle breaks the bundle's seal.
    find "$app/Contents" \( -name '*.dylib' -o -name '*.so' \) -print0 |
        xargs -0 codesign --force --timestamp --options runtime --sign "$SIGNING_IDENTITY"
    codesign --force --timestamp --options runtime \
        --entitlements packaging/definitions/macos/entitlements.plist --sign "$SIGNING_IDENTITY" "$app"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
cp build/package/papers/LICENCES.md "$folder/"
ln -s /Applications "$folder/Applications"
mkdir -p build/dist
hdiutil create -volname "Kling Desktop" -srcfolder "$folder" -ov -format ULFO "$image"

if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
