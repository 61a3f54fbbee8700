package app

import (
	"cmp"
	"runtime/debug"
)

// Version is which Latchkey this is, as evidence names it.
func Version() string { return buildVersion() }

// buildVersion is which Latchkey this is, as evidence names it: the module's version, or the revision that it was built from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "of an unknown build"
	}
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value[:min(12, len(s.Value))]
		}
	}
	if version := info.Main.Version; version != "" && version != "(devel)" {
		return version
	}
	return cmp.Or(revision, "(devel)")
}
