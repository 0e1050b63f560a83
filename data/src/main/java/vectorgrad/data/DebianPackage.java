package vectorgrad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import vectorgrad.tensor.Message;

/// A data set as a Debian package: installed on this machine, or fetched and unpacked without root.
///
/// @param name the package
/// @param folder where it keeps the files
/// @param aptGet the command that downloads packages
/// @param dpkg the command that unpacks them
record DebianPackage(String name, Path folder, String aptGet, String dpkg) {
  /// The package with the given name, by the machine's own commands.
  static DebianPackage named(String name, Path folder) {
    return new DebianPackage(name, folder, "apt-get", "dpkg");
  }

  Installed installed() {
    return new Installed(this);
  }

  Fetched fetched() {
    return new Fetched(this);
  }

  /// The installed package.
  ///
  /// @param debian the package
  record Installed(DebianPackage debian) implements Source {
    @Override
    public String describe() {
      return "installed package " + debian.name();
    }

    @Override
    public Path provide(PublishedFiles files, Path cache, Progress progress) throws IOException {
      if (!Files.isDirectory(debian.folder())) {
        throw new IOException("not installed, there is no " + debian.folder());
      }
      return debian.folder();
    }
  }

  /// The package fetched into the cache by `apt-get download` and `dpkg -x`.
  ///
  /// Many containers come without package lists. Then lists are fetched into a folder of our own,
  /// which needs no root either.
  ///
  /// @param debian the package
  record Fetched(DebianPackage debian) implements Source {
    private static final Duration LISTS = Duration.ofMinutes(3);
    private static final Duration DOWNLOAD = Duration.ofMinutes(15);
    private static final Duration UNPACK = Duration.ofMinutes(2);

    @Override
    public String describe() {
      return "Debian package " + debian.name();
    }

    @Override
    public Path provide(PublishedFiles files, Path cache, Progress progress) throws IOException {
      Path work = Files.createTempDirectory(cache, "apt-");
      try {
        Path archive = download(work, progress);
        Path tree = Files.createDirectory(work.resolve("tree"));
        new Command(debian.dpkg(), "-x", archive.toString(), tree.toString())
            .run(work, UNPACK, Command.NO_WATCH);
        Path unpacked = tree.resolve(Path.of("/").relativize(debian.folder()).toString());
        List<Path> found = files.locateAll(unpacked);
        for (int i = 0; i < found.size(); i++) {
          PublishedFiles.Entry entry = files.files().get(i);
          entry.read(found.get(i));
          Files.move(
              found.get(i),
              cache.resolve(found.get(i).getFileName()),
              StandardCopyOption.REPLACE_EXISTING);
        }
        return cache;
      } finally {
        delete(work);
      }
    }

    private Path download(Path work, Progress progress) throws IOException {
      try {
        return download(work, List.of(), progress);
      } catch (Command.Failure first) {
        progress.on(
            new Progress.Note(
                "apt-get download of "
                    + debian.name()
                    + " failed; trying again with fresh package lists"));
        Files.createDirectories(work.resolve("lists", "partial"));
        Files.createDirectories(work.resolve("archives", "partial"));
        List<String> own =
            List.of(
                "-o", "Dir::State::lists=" + work.resolve("lists"),
                "-o", "Dir::Cache=" + work,
                "-o", "Acquire::Languages=none");
        try {
          apt(own, "update").run(work, LISTS, Command.NO_WATCH);
          return download(work, own, progress);
        } catch (Command.Failure second) {
          second.addSuppressed(first);
          throw second;
        }
      }
    }

    private Path download(Path work, List<String> options, Progress progress) throws IOException {
      apt(options, "download", debian.name())
          .run(work, DOWNLOAD, () -> progress.on(arriving(work)));
      try (Stream<Path> files = Files.list(work)) {
        return files
            .filter(file -> file.toString().endsWith(".deb"))
            .findFirst()
            .orElseThrow(() ->
                new DataException(
                    Message.of("data", "apt-get download left no .deb").row("folder", work), work));
      }
    }

    private Command apt(List<String> options, String... arguments) {
      List<String> command = new ArrayList<>();
      command.add(debian.aptGet());
      // apt run by root wants to download as another user, who cannot write here.
      command.addAll(List.of("-q", "-o", "APT::Sandbox::User=root"));
      command.addAll(List.of("-o", "Acquire::Retries=0", "-o", "APT::Update::Error-Mode=any"));
      command.addAll(
          List.of("-o", "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10"));
      command.addAll(options);
      command.addAll(List.of(arguments));
      return new Command(command);
    }

    /// apt-get writes into its working folder; how much is there says how far it is.
    private static Progress.Arriving arriving(Path work) throws IOException {
      long bytes = 0;
      try (Stream<Path> files = Files.list(work)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          bytes += Files.size(file);
        }
      }
      return new Progress.Arriving("package", bytes, OptionalLong.empty());
    }

    private static void delete(Path folder) throws IOException {
      List<Path> inside;
      try (Stream<Path> walk = Files.walk(folder)) {
        inside = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : inside) {
        Files.delete(path);
      }
    }
  }
}
