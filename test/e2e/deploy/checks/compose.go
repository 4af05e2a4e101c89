// Loads a Compose file with the library that docker compose uses, and prints the project as it understands it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv)
	fatal(err)
	project, err := options.LoadProject(context.Background())
	fatal(err)
	text, err := project.MarshalYAML()
	fatal(err)
	fmt.Print(string(text))
}

func fatal(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
