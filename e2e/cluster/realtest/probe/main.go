// Probe is the program in the pods of the tests: a web server, or one small action.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	err := act(append(os.Args[1:], "serve"))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func act(args []string) error {
	switch args[0] {
	case "get":
		return get(args[1])
	case "cat":
		content, err := os.ReadFile(args[1])
		fmt.Println(string(content))
		return err
	case "env":
		fmt.Println(os.Getenv(args[1]))
		return nil
	case "fill":
		if err := os.WriteFile(args[1], make([]byte, 64<<20), 0o600); err != nil {
			return err
		}
		time.Sleep(time.Hour)
		return nil
	default:
		fmt.Println("serving")
		return http.ListenAndServe(":8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "hello")
		}))
	}
}

func get(url string) error {
	client := &http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}
