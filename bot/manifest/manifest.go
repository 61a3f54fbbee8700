package manifest

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// The types mirror Slack's app manifest, schema version 2
// (github.com/slackapi/manifest-schema). Unknown keys are refused by Slack.
type appManifest struct {
	Metadata version  `yaml:"_metadata"`
	Display  display  `yaml:"display_information"`
	Features features `yaml:"features"`
	OAuth    oauth    `yaml:"oauth_config"`
	Settings settings `yaml:"settings"`
}

type version struct {
	Major int `yaml:"major_version"`
	Minor int `yaml:"minor_version"`
}

type display struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Color       string `yaml:"background_color"`
}

type features struct {
	Home      appHome        `yaml:"app_home"`
	Bot       botUser        `yaml:"bot_user"`
	Shortcuts []shortcut     `yaml:"shortcuts"`
	Commands  []slashCommand `yaml:"slash_commands"`
}

type appHome struct {
	Home     bool `yaml:"home_tab_enabled"`
	Messages bool `yaml:"messages_tab_enabled"`
	ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
}

type botUser struct {
	Name   string `yaml:"display_name"`
	Online bool   `yaml:"always_online"`
}

type shortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	CallbackID  string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

type slashCommand struct {
	Command     string `yaml:"command"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint"`
	Escape      bool   `yaml:"should_escape"`
}

type oauth struct {
	Scopes struct {
		Bot []string `yaml:"bot"`
	} `yaml:"scopes"`
}

type settings struct {
	Events struct {
		Bot []string `yaml:"bot_events"`
	} `yaml:"event_subscriptions"`
	Interactivity struct {
		Enabled bool `yaml:"is_enabled"`
	} `yaml:"interactivity"`
	OrgDeploy     bool `yaml:"org_deploy_enabled"`
	SocketMode    bool `yaml:"socket_mode_enabled"`
	Hosted        bool `yaml:"is_hosted"`
	TokenRotation bool `yaml:"token_rotation_enabled"`
}

// YAML is the Slack app manifest to paste at api.slack.com/apps, as YAML:
// the command and the shortcuts, and exactly the scopes and events the bot uses.
// An empty command stands for "/access".
func YAML(command string) ([]byte, error) {
	if command == "" {
		command = DefaultCommand
	}
	m := appManifest{
		Metadata: version{Major: 2, Minor: 1},
		Display:  display{Name: "Latchkey", Description: "Ask for access, approve it, and see it end on time", Color: "#1d1c1d"},
		Features: features{
			Home: appHome{Home: true, Messages: true},
			Bot:  botUser{Name: "latchkey", Online: true},
			Shortcuts: []shortcut{
				{Name: RequestTitle, Type: "global", CallbackID: ShortcutRequest, Description: "Ask for access to an app"},
				{Name: RequestTitle, Type: "message", CallbackID: ShortcutOnMessage, Description: "Ask for access, with a link to this message"},
				{Name: LinkTitle, Type: "message", CallbackID: ShortcutLink, Description: "Link this conversation to a request"},
			},
			Commands: []slashCommand{{Command: command, Description: "Ask for access to an app", Hint: "[app] | mine | approvals | help", Escape: true}},
		},
	}
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings.Events.Bot = Events()
	m.Settings.Interactivity.Enabled = true
	m.Settings.SocketMode = true
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("write the Slack app manifest: %w", err)
	}
	return out.Bytes(), enc.Close()
}
