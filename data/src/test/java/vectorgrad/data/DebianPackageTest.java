package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The real commands need a network and a Debian; these tests put scripts in their place that leave
/// the same files behind.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are scripts for a Unix shell")
@Timeout(60)
class DebianPackageTest {
  private final List<Progress.Event> heard = new ArrayList<>();

  @TempDir Path folder;
  private Path installed;
  private Path log;

  @BeforeEach
  void preparePackage() throws IOException {
    installed = folder.resolve("usr/share/datasets/tiny");
    log = folder.resolve("log");
    Fixtures.write(folder.resolve("content"));
  }

  private String script(String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\necho \"" + name + " $*\" >> " + log + "\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file.toString();
  }

  private String dpkg() throws IOException {
    return script(
        "dpkg",
        "mkdir -p $3%s && cp %s/* $3%s".formatted(installed, folder.resolve("content"), installed));
  }

  private Pictures load(String aptGet, String dpkg) throws IOException {
    DebianPackage debian = new DebianPackage("tiny-data", installed, aptGet, dpkg);
    return Fetch.load(
        Fixtures.published(Optional.of(debian)),
        Fixtures.sources(folder.resolve("cache"), heard::add));
  }

  private String reason(String aptGet, String dpkg) {
    return assertThrows(DataUnavailableException.class, () -> load(aptGet, dpkg))
        .attempts()
        .getLast()
        .reason();
  }

  @Test
  void theInstalledPackageIsReadWhereItIs() throws IOException {
    Fixtures.write(installed);
    Pictures pictures = load("no-such-apt-get", "no-such-dpkg");
    assertEquals("installed package tiny-data", pictures.origin().source());
    assertTrue(Files.notExists(folder.resolve("cache")));
  }

  @Test
  void theFetchedPackageFillsTheCacheAndLeavesNothingElse() throws IOException {
    Pictures pictures = load(script("apt-get", "echo deb > tiny-data_1_all.deb"), dpkg());
    assertEquals("Debian package tiny-data", pictures.origin().source());
    try (Stream<Path> left = Files.list(folder.resolve("cache/tiny"))) {
      assertEquals(
          List.of(
              ".lock",
              "t10k-images-idx3-ubyte.gz",
              "t10k-labels-idx1-ubyte.gz",
              "train-images-idx3-ubyte.gz",
              "train-labels-idx1-ubyte.gz"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertTrue(Files.readAllLines(log).getFirst().endsWith(" download tiny-data"));
  }

  @Test
  void withoutPackageListsItFetchesListsOfItsOwn() throws IOException {
    String aptGet =
        script(
            "apt-get",
            """
            case "$*" in
              *Dir::State::lists=*update) ;;
              *Dir::State::lists=*download*) echo deb > tiny-data_1_all.deb ;;
              *) echo "E: Unable to locate package tiny-data"; exit 100 ;;
            esac\
            """);
    assertEquals("Debian package tiny-data", load(aptGet, dpkg()).origin().source());
    assertTrue(
        heard.contains(
            new Progress.Note(
                "apt-get download of tiny-data failed; trying again with fresh package lists")),
        heard.toString());
  }

  @Test
  void theComplaintOfTheCommandIsTheReason() throws IOException {
    String aptGet =
        script(
            "apt-get",
            "echo 'Err:1 somewhere'; echo 'E: Failed to fetch lists'; echo 'more'; exit 100");
    assertEquals(aptGet + " ended with code 100, E: Failed to fetch lists", reason(aptGet, dpkg()));
    try (Stream<Path> left = Files.list(folder.resolve("cache/tiny"))) {
      assertEquals(List.of(".lock"), left.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void aPackageWithOtherContentIsRefused() throws IOException {
    Files.write(
        folder.resolve("content/train-labels-idx1-ubyte.gz"),
        Fixtures.gzip(Fixtures.idx(new byte[6], 6)));
    String reason = reason(script("apt-get", "echo deb > tiny-data_1_all.deb"), dpkg());
    assertTrue(reason.startsWith("Idx: the content differs from the published file; "), reason);
  }

  @Test
  void aMissingCommandIsTheReason() throws IOException {
    assertEquals(
        "the command no-such-apt-get is not on this machine", reason("no-such-apt-get", dpkg()));
    assertEquals(
        "the command no-such-dpkg is not on this machine",
        reason(script("apt-get", "echo deb > tiny-data_1_all.deb"), "no-such-dpkg"));
  }
}
