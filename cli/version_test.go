package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersionSaysWhatTheBuildKnows(t *testing.T) {
	stamped := &debug.BuildInfo{GoVersion: "go1.26.1", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "0123456789abcdef0123"},
		{Key: "vcs.time", Value: "2026-11-28T12:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	for want, info := range map[string]*debug.BuildInfo{
		"latchkey v1.2.3, revision 0123456789ab of 2026-11-28T12:00:00Z, modified, built with go1.26.1\n": stamped,
		"latchkey (devel), built with go1.26.1\n":                                                         {GoVersion: "go1.26.1", Main: debug.Module{Version: "(devel)"}},
		"latchkey unknown\n": nil,
	} {
		var out strings.Builder
		if err := writeVersion(&out, versionOf(info)); err != nil || out.String() != want {
			t.Errorf("printed %q (%v), want %q", out.String(), err, want)
		}
	}
	if got := versionOf(stamped); got != (version{"v1.2.3", "0123456789abcdef0123", "2026-11-28T12:00:00Z", true, "go1.26.1"}) {
		t.Errorf("as JSON %+v", got)
	}
}
