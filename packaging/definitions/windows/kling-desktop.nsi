; Not run yet: compiles with makensis on Linux (tests/packaging/test_definitions.py), but no Windows has run it.
; Installs for one user, without asking for an administrator. From the folder of this file:
;   makensis -DVERSION=0.1.0 -DBUNDLE=..\..\..\build\package\bundle\kling-desktop -DICONS=..\..\..\build\package\icons
;            -DOUTPUT=..\..\..\build\dist\kling-desktop-0.1.0-setup.exe kling-desktop.nsi
Unicode true
!include "MUI2.nsh"
!ifndef VERSION | BUNDLE | ICONS | OUTPUT
  !error "Give -DVERSION, -DBUNDLE, -DICONS and -DOUTPUT."
!endif

!define NAME "Kling Desktop"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\kling-desktop"

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Kling Desktop"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestLongPathAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT; the bundle as a whole GPL-2.0-or-later"

!define MUI_ICON "${ICONS}/kling-desktop.ico"
!define MUI_UNICON "${ICONS}/kling-desktop.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\kling-desktop.exe"
!insertmacro MUI_PAGE_LICENSE "${BUNDLE}/licences/LICENCES.md"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

Section "Program"
  ; An older version's libraries must not stay beside the new ones.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\kling-desktop.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\kling-desktop.exe"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

; The creator's takes and settings lie elsewhere and stay.
Section "Uninstall"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\kling-desktop.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
