package cli

import (
	"cmp"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand() *cobra.Command {
	c := &cobra.Command{Use: "version", Short: "Print which Latchkey this is", Args: noArgs}
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		info, _ := debug.ReadBuildInfo()
		v := versionOf(info)
		if *asJSON {
			return writeJSON(c.OutOrStdout(), v)
		}
		return writeVersion(c.OutOrStdout(), v)
	}
	return c
}

// version is what the build says of itself.
type version struct {
	Version  string `json:"version"` // of the module; (devel) if it was built from a working copy
	Revision string `json:"revision,omitempty"`
	Time     string `json:"time,omitempty"`     // of the revision
	Modified bool   `json:"modified,omitempty"` // something was changed since the revision
	Go       string `json:"go"`
}

// versionOf reads the build's stamp. A build without one (from an archive, say)
// knows no revision.
func versionOf(info *debug.BuildInfo) version {
	if info == nil {
		return version{Version: "unknown"}
	}
	v := version{Version: cmp.Or(info.Main.Version, "unknown"), Go: info.GoVersion}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func writeVersion(w io.Writer, v version) error {
	text := "latchkey " + v.Version
	if v.Revision != "" {
		text += fmt.Sprintf(", revision %.12s of %s", v.Revision, v.Time)
	}
	if v.Modified {
		text += ", modified"
	}
	if v.Go != "" {
		text += ", built with " + v.Go
	}
	_, err := fmt.Fprintln(w, text)
	return err
}
