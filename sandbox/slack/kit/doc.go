// Package kit is what Slack's JSON is made of: objects that are kept as they came,
// identifiers, and Block Kit: what it allows, in Slack's own words, which elements
// take input, what they hold and how they read. It knows neither a workspace nor
// HTTP.
package kit
