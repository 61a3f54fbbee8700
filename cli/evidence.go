package cli

import "github.com/spf13/cobra"

func evidenceCommand() *cobra.Command {
	c := &cobra.Command{Use: "evidence", Short: "Check the log, follow one person's way to one app, judge the tickets, write everything out", Args: noArgs, RunE: help}
	c.AddCommand(verifyCommand(), checkpointCommand(), traceCommand(), evidenceSampleCommand(), evidenceExportCommand(), evidenceKeyCommand())
	return c
}
