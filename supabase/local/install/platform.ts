import { existsSync, readFileSync } from "node:fs";

/** The machine as the installer sees it. */
export type Platform = {
  /** "linux-x64", the names of npm's platform packages */
  name: string;
  /** minor number of glibc 2.x; undefined on macOS and on musl systems */
  glibcMinor: number | undefined;
  /** "debian", "ubuntu", …: ID of /etc/os-release */
  distribution: string | undefined;
  hasApt: boolean;
};

export function readPlatform(): Platform {
  return {
    name: `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`,
    glibcMinor: glibcMinor(),
    distribution: /^ID="?([^"\n]+)"?$/m.exec(readIfThere("/etc/os-release"))?.[1],
    hasApt: existsSync("/usr/bin/apt-get") && existsSync("/usr/bin/dpkg"),
  };
}

function glibcMinor(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  report.excludeNetwork = true; // otherwise the report looks up every interface first
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  const minor = /^2\.(\d+)/.exec(header.glibcVersionRuntime ?? "")?.[1];
  return minor === undefined ? undefined : Number(minor);
}

const readIfThere = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
