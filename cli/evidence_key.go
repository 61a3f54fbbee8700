package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func evidenceKeyCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "key", Short: "Show the public key that the record is signed with", Args: noArgs,
		Long: `Show the public key that the record is signed with, where its secret half is, and whose signatures
count besides. Give the public key to your auditor, and keep a copy of the secret half in a safe: whoever
has it can sign as this Latchkey.`,
	}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		return showKeys(c.OutOrStdout(), app.KeysOf(config))
	}
	c.AddCommand(keyCreateCommand(), keyRotateCommand(), keyPublicCommand())
	return c
}

func showKeys(w io.Writer, k app.KeyList) error {
	for i, public := range k.Public {
		line := "Signed with: " + public.Key
		if i > 0 || !k.Signs {
			line = "Trusted: " + public.Key + public.Bounds
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	if k.Where != "" {
		if _, err := fmt.Fprintln(w, "The secret half is "+k.Where+"."); err != nil {
			return err
		}
	}
	return k.Lacking
}

func keyCreateCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "create FILE", Short: "Make a signing key in a file", Args: exactly(1, "name the file that the key is to be in, outside the folder of the store"),
		Long: `Make a signing key in a file that is not there yet. Latchkey makes its key by itself at the first start;
this is for a key that is kept elsewhere, such as a systemd credential or a secret of Kubernetes, and for
one that was lost.`,
	}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		public, err := app.CreateKey(c.Context(), config, args[0])
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "Made %s. Its public key is:\n%s\n", args[0], public)
		return err
	}
	return c
}

func keyPublicCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "public FILE", Short: "Turn the public key of a key service into a line for evidence.trust", Args: exactly(1, "name the file with the public key in PEM, or - to read it from the standard input"),
		Long: `Turn a public key of Ed25519, as a service that keeps keys shows it (in PEM or in base64), into the line that
goes first under evidence.trust where evidence.sign names a command. - reads the standard input.`,
	}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		in := c.InOrStdin()
		if args[0] != "-" {
			file, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("the public key can't be read: %w", err)
			}
			defer file.Close()
			in = file
		}
		text, err := io.ReadAll(io.LimitReader(in, 64<<10)) // a public key has some hundred bytes
		if err != nil {
			return fmt.Errorf("the public key can't be read: %w", err)
		}
		line, err := app.PublicLine(c.Context(), config, text)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), line)
		return err
	}
	return c
}

func keyRotateCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate", Short: "Put a new signing key in the place of the old one", Args: noArgs,
		Long: `Put a new signing key in the place of the one in evidence.key. For 30 days both sign, so that whoever
knows only the old public key hears of the new one in time.

--stolen-at says that somebody else may have the old one since then: it signs nothing any more, and what is
signed with it alone counts only where an anchor shows that it was there before that moment.`,
	}
	path := configFlag(c)
	stolen := c.Flags().String("stolen-at", "", "since when somebody else may have the old key, for example 2026-11-20T09:00:00Z")
	c.RunE = func(c *cobra.Command, _ []string) error {
		var since time.Time
		if *stolen != "" {
			var err error
			if since, err = time.Parse(time.RFC3339, *stolen); err != nil {
				return usageError{fmt.Errorf("--stolen-at can't be %q: write a time, for example 2026-11-20T09:00:00Z", *stolen)}
			}
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		done, err := app.RotateKey(c.Context(), config, since)
		if err != nil {
			return err
		}
		return showRotation(c.OutOrStdout(), done, *stolen)
	}
	return c
}

func showRotation(w io.Writer, r app.KeyRotation, stolen string) error {
	next := "The next start of the bot takes it up."
	if r.Taken {
		next = "The running bot signs with it from now on."
	}
	bounds := "until: " + r.Until.UTC().Format(time.RFC3339)
	if stolen != "" {
		bounds += ", stolen: " + stolen
	}
	_, err := fmt.Fprintf(w, "The record is signed with a new key. %s Keep a copy of %s in a safe.\nNew public key: %s\nOld public key, to go on under evidence.trust wherever there is no key file:\n  - {key: %s, %s}\n",
		next, r.File, r.New, r.Old, bounds)
	return err
}

// exactly wants so many arguments.
func exactly(n int, remedy string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{errors.New(remedy)}
		}
		return nil
	}
}
